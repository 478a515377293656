// Comparisons: whole, interrupted, with a system that fails, by time.
using System.Text.Json;
using Duet.Data;
using Duet.Metrics;
using Duet.Models;
using Duet.Runs;
using Duet.Studies.Comparison;

namespace Duet.Tests.Evaluation.Comparison;

[Collection(RandomNumbersCollection.Name)]
public sealed class SystemComparisonTests : IDisposable
{
    private readonly MicroCatalogue _catalogue = new();

    public void Dispose() => _catalogue.Dispose();

    [Fact]
    public void Two_systems_and_one_that_fails_give_one_table()
    {
        var output = _catalogue["out"];
        var recorder = new ComparisonRecorder();
        var result = SystemComparison
            .Open(_catalogue.Options(MicroCatalogue.CmaClip, MicroCatalogue.Broken, MicroCatalogue.Clip), output)
            .Run(recorder);
        (result.Finished, result.Failed, recorder.Trainings).ShouldBe((true, 2, 6));
        recorder.Begun.ShouldBe([
            "1/6 cma-clip 1",
            "2/6 broken 1",
            "3/6 clip:head_width=0 1",
            "4/6 cma-clip 2",
            "5/6 broken 2",
            "6/6 clip:head_width=0 2",
        ]);

        var clip = result.Table.Systems[2];
        clip.Folder.ShouldBe("runs/clip-head_width-0");
        clip.Runs.Select(run => run.Seed).ShouldBe([1UL, 2UL]);
        foreach (var run in clip.Runs)
        {
            var report = EvaluationReport.FromJson(File.ReadAllText(Path.Combine(output, run.Folder, "evaluation.json")));
            report.Split.ShouldBe("test");
            run.Scores.ShouldBe(report.Tasks.ToDictionary(task => task.Key, task => task.Value.Accuracy!.Value));
            (run.Epochs, run.Error).ShouldBe((2, null));
            run.SamplesPerSecond.ShouldBeGreaterThan(0);
        }

        var (first, second) = (clip.Runs[0].Scores["color"], clip.Runs[1].Scores["color"]);
        clip.Tasks["color"].Mean.ShouldBe((first + second) / 2, 1e-12);
        clip.Tasks["color"].Deviation!.Value.ShouldBe(Math.Abs(first - second) / Math.Sqrt(2), 1e-12);
        clip.Mean!.Mean.ShouldBe(clip.Runs.Average(run => run.Scores.Values.Average()), 1e-12);
        using (var model = DuetModel.Load(Path.Combine(output, clip.Runs[0].Folder)))
        {
            clip.Parameters.ShouldBe(model.Model.ParameterCount());
        }

        clip.Difference!.Difference.Estimate.ShouldBe(clip.Mean!.Mean - result.Table.Systems[0].Mean!.Mean, 1e-9);
        clip.Difference.Difference.Low.ShouldBeLessThanOrEqualTo(clip.Difference.Difference.Estimate);
        result.Table.Systems[0].Difference.ShouldBeNull();

        var broken = result.Table.Systems[1];
        broken.Difference.ShouldBeNull();
        (broken.Failed, broken.Mean, broken.Parameters).ShouldBe((2, null, null));
        broken.Runs[0].Error!.ShouldContain("/nowhere/tokenizer.json");

        var markdown = File.ReadAllText(Path.Combine(output, "comparison.md"));
        markdown.ShouldBe(result.Table.ToMarkdown());
        markdown.ShouldContain("| system | mean | to the first | category | color |");
        markdown.ShouldContain("0 of 2, 2 failed");
        markdown.ShouldContain("- failed: broken, seed 2: ");
        ComparisonTable.FromJson(File.ReadAllText(Path.Combine(output, "comparison.json"))).ToJson().ShouldBe(result.Table.ToJson());
        var csv = File.ReadAllLines(Path.Combine(output, "comparison.csv"));
        csv[0]
            .ShouldStartWith(
                "system,model,preset,mean,mean_deviation,difference,difference_low,difference_high,difference_p,task_category,task_category_deviation,task_color"
            );
        csv.Length.ShouldBe(4);
    }

    [Fact]
    public void An_interrupted_comparison_ends_like_one_that_was_not()
    {
        var options = _catalogue.Options(MicroCatalogue.CmaClip, MicroCatalogue.Clip);
        var whole = SystemComparison.Open(options, _catalogue["whole"]).Run(new ComparisonRecorder()).Table;
        var output = _catalogue["interrupted"];

        // Once before anything, once inside the second run.
        using (var stopped = new CancellationTokenSource())
        {
            stopped.Cancel();
            SystemComparison.Open(options, output).Run(new ComparisonRecorder(), stopped.Token).Finished.ShouldBeFalse();
        }

        using var stop = new CancellationTokenSource();
        ComparisonRecorder first = null!;
        first = new ComparisonRecorder(_ =>
        {
            if (first.Trainings == 2)
            {
                stop.Cancel();
            }
        });
        var half = SystemComparison.Open(options, output).Run(first, stop.Token);
        half.Finished.ShouldBeFalse();
        half.Table.Systems.Select(row => row.Runs.Count).ShouldBe([1, 0]);
        File.ReadAllText(Path.Combine(output, "comparison.md")).ShouldContain("1 of 2");

        var second = new ComparisonRecorder();
        var resumed = SystemComparison.Open(options, output).Run(second);
        (resumed.Finished, second.Trainings).ShouldBe((true, 3));
        second.Notes.ShouldContain(note => note.StartsWith("Resuming at", StringComparison.Ordinal));
        resumed
            .Table.Systems.SelectMany(row => row.Runs)
            .Select(run => JsonSerializer.Serialize(run with { SamplesPerSecond = 0 }))
            .ShouldBe(whole.Systems.SelectMany(row => row.Runs).Select(run => JsonSerializer.Serialize(run with { SamplesPerSecond = 0 })));

        // Everything is done: nothing is trained, and a further system finds its place.
        var third = new ComparisonRecorder();
        SystemComparison
            .Open(_catalogue.Options(MicroCatalogue.CmaClip, MicroCatalogue.Clip), output)
            .Run(third)
            .Table.ToJson()
            .ShouldBe(resumed.Table.ToJson());
        (third.Trainings, third.Ended.Count).ShouldBe((0, 4));
    }

    [Fact]
    public void A_budget_of_time_becomes_epochs_once()
    {
        // Two seconds: enough for the warm-up's few steps to tell that many epochs fit.
        var options = _catalogue.Options(MicroCatalogue.Clip) with
        {
            Minutes = 2.0 / 60,
            Seeds = [1],
        };
        var recorder = new ComparisonRecorder();
        var epochs = SystemComparison.Open(options, _catalogue["timed"]).Run(recorder).Table.Systems[0].Epochs!.Value;
        epochs.ShouldBeGreaterThan(0);
        recorder.Notes.ShouldContain(note => note.Contains($"are {epochs} epochs", StringComparison.Ordinal));
        File.ReadAllLines(new RunFolder(_catalogue[Path.Combine("timed", "runs", "clip-head_width-0", "seed-1")]).MetricsFile)
            .Length.ShouldBe(epochs);
        Directory.Exists(_catalogue[Path.Combine("timed", "warm-up")]).ShouldBeFalse();

        // A second seed gets the same number, without another warm-up.
        using var stop = new CancellationTokenSource();
        var more = new ComparisonRecorder(_ => stop.Cancel());
        SystemComparison.Open(options with { Seeds = [1, 2] }, _catalogue["timed"]).Run(more, stop.Token).Finished.ShouldBeFalse();
        more.Notes.ShouldNotContain(note => note.Contains("warm-up", StringComparison.Ordinal));
        new RunFolder(_catalogue[Path.Combine("timed", "runs", "clip-head_width-0", "seed-2")])
            .LoadConfiguration()
            .Training.Epochs.ShouldBe(epochs);
    }

    [Fact]
    public void Unlike_things_are_not_put_into_one_table()
    {
        var options = _catalogue.Options(MicroCatalogue.Clip) with { Seeds = [1] };
        using var stop = new CancellationTokenSource();
        var output = _catalogue["out"];
        SystemComparison.Open(options, output).Run(new ComparisonRecorder(_ => stop.Cancel()), stop.Token);

        string Refused(ComparisonOptions other) => Should.Throw<RunException>(() => SystemComparison.Open(other, output)).Message;
        Refused(options with { Split = "val" }).ShouldContain("split 'test'");
        Refused(options with { Minutes = 1 }).ShouldContain("fixed number of epochs");
        Refused(options with { Systems = [MicroCatalogue.Clip with { Training = MicroCatalogue.Recipe with { LearningRate = 1e-4 } }] })
            .ShouldContain("learning_rate");
        Refused(options with { Data = options.Data with { TextColumns = [] } }).ShouldContain("other settings");
        SystemComparison.Open(
            options with
            {
                Systems = [MicroCatalogue.Clip with { Training = MicroCatalogue.Recipe with { Threads = 2 } }],
            },
            output
        );

        File.AppendAllText(_catalogue.Table, "99,,a red shoe,shoe,red,,,,train\n");
        Refused(options).ShouldContain("changed");
        Should.Throw<RunException>(() => SystemComparison.Open(options, _catalogue["data"])).Message.ShouldContain("no comparison");
    }

    [Fact]
    public void Wrong_protocols_are_refused_before_anything_is_trained()
    {
        var options = _catalogue.Options(MicroCatalogue.Clip);
        string Refused(ComparisonOptions wrong) =>
            Should.Throw<OptionException>(() => SystemComparison.Open(wrong, _catalogue["out"])).Message;
        Refused(options with { Systems = [] }).ShouldContain("models");
        Refused(options with { Seeds = [] }).ShouldContain("seeds");
        Refused(options with { Seeds = [4, 4] }).ShouldContain("4, 4");
        Refused(options with { Minutes = 0 }).ShouldContain("minutes");
        Refused(options with { Split = " " }).ShouldContain("split");
        Refused(options with { Systems = [MicroCatalogue.Clip, MicroCatalogue.Clip with { Label = "clip head_width 0" }] })
            .ShouldContain("folder");
        Should
            .Throw<TableException>(() =>
                SystemComparison.Open(options with { Data = _catalogue.Data with { TaskColumns = ["sort"] } }, _catalogue["out"])
            )
            .Column.ShouldBe("sort");
        Directory.Exists(_catalogue["out"]).ShouldBeFalse();
    }

    [Fact]
    public void Means_and_deviations_are_those_of_the_sample()
    {
        MeanAndSpread.Of([]).ShouldBeNull();
        MeanAndSpread.Of([0.5]).ShouldBe(new MeanAndSpread(0.5, null, 1));
        var three = MeanAndSpread.Of([1, 2, 6])!;
        (three.Mean, three.Count).ShouldBe((3, 3));
        three.Deviation!.Value.ShouldBe(Math.Sqrt(7), 1e-12);
    }
}
