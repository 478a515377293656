// Sweeps over a table: what is measured, kept and refused.
using Duet.Evaluation.Robustness;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Inference;

namespace Duet.Tests.Evaluation.Robustness;

[Collection(RandomNumbersCollection.Name)]
public sealed class RobustnessSweepTests
{
    private static readonly ModelUseOptions OneThread = new() { Threads = 1, LoaderThreads = 1 };

    private static readonly RobustnessOptions Some = new()
    {
        Kinds = [CorruptionKind.GaussianNoise, CorruptionKind.Typos, CorruptionKind.MissingText, CorruptionKind.MissingPicture],
    };

    [Fact]
    public void A_stopped_sweep_goes_on_and_ends_as_if_never_stopped()
    {
        using var sample = new SampleRun();
        var table = new TableSource(sample.WriteTable(12));
        using var model = DuetModel.Load(sample.Run.Path, OneThread);
        var whole = new RobustnessSweep(model).Run(table, Some).ToJson();
        File.Delete(Path.Combine(sample.Run.Path, RobustnessReport.FileName));

        // Stopped in the middle of the third corruption: two are kept.
        using var stop = new CancellationTokenSource();
        var told = new List<RobustnessProgress>();
        Should.Throw<OperationCanceledException>(() => new RobustnessSweep(model).Run(
            table, Some, new Told<RobustnessProgress>(told, state => StopAt(state, stop)), stop.Token));
        var kept = RobustnessReport.Load(sample.Run.Path)!;
        kept.Complete.ShouldBeFalse();
        kept.Curves.Select(curve => curve.Corruption).ShouldBe(["gaussian_noise", "typos"]);

        told.Clear();
        new RobustnessSweep(model).Run(table, Some, new Told<RobustnessProgress>(told)).ToJson().ShouldBe(whole);
        told.Count.ShouldBe(6);
        RobustnessReport.Load(sample.Run.Path)!.ToJson().ShouldBe(whole);
        whole.ShouldContain("\"complete\": true");
    }

    [Fact]
    public void Shares_follow_missing_inputs_and_the_clean_row_is_the_evaluation()
    {
        using var sample = new SampleRun();
        var table = new TableSource(sample.WriteTable(12));
        using var model = DuetModel.Load(sample.Run.Path, OneThread);
        var report = new RobustnessSweep(model).Run(table, Some);
        report.Clean.N.ShouldBe(12);
        report.Clean.Tasks["category"].Accuracy.ShouldBe(new Evaluator(model).Evaluate(table).Report.Tasks["category"].Accuracy);
        Point(report, "missing_text").MeanImageShare.ShouldBe(1);
        Point(report, "missing_picture").MeanImageShare.ShouldBe(0);
        Point(report, "missing_picture").Tasks["tags"].N.ShouldBe(report.Clean.Tasks["tags"].N);
        report.ToMarkdown().ShouldContain("| missing_text | 1 |");
        RobustnessReport.FromJson(report.ToJson()).ToJson().ShouldBe(report.ToJson());

        // Another seed measures something else, and so begins anew.
        new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos], Seed = 2 }).Curves.Count.ShouldBe(1);
        new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos], Sample = 10 }).Clean.N.ShouldBe(10);
    }

    [Fact]
    public void Bad_files_and_choices_are_refused_by_name()
    {
        using var sample = new SampleRun(options => options with { Modalities = InputModalities.Text });
        var table = new TableSource(sample.WriteTable(12));
        using var model = DuetModel.Load(sample.Run.Path, OneThread);
        Should.Throw<OptionException>(() => new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Blur] })).Message.ShouldContain("blur");
        Should.Throw<OptionException>(() => new RobustnessSweep(model).Run(table, new RobustnessOptions { Sample = 2 })).Message.ShouldContain("sample");
        var file = Path.Combine(sample.Run.Path, RobustnessReport.FileName);
        File.WriteAllText(file, "{");
        Should.Throw<RunException>(() => new RobustnessSweep(model).Run(table)).Message.ShouldContain(file);
        File.Delete(file);
        new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos] }).Curves.Count.ShouldBe(1);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"format_version\": 1", "\"format_version\": 9", StringComparison.Ordinal));
        Should.Throw<RunException>(() => RobustnessReport.Load(sample.Run.Path)).Message.ShouldContain("version 9");
    }

    private static RobustnessPoint Point(RobustnessReport report, string corruption) => report.Curves.Single(curve => curve.Corruption == corruption).Points[^1];

    // The clean products and two corruptions of three strengths come first.
    private static void StopAt(RobustnessProgress state, CancellationTokenSource stop)
    {
        if (state.Done == 8)
        {
            stop.Cancel();
        }
    }
}
