// Sweeps over a table: what is measured, kept and refused.
using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Studies.Robustness;
using Duet.Tests.Data.Formats;
using Duet.Tests.Inference;
using Duet.Text;

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
        Should.Throw<OperationCanceledException>(() =>
            new RobustnessSweep(model).Run(table, Some, new Told<RobustnessProgress>(told, state => StopAt(state, stop)), stop.Token)
        );
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
        new RobustnessSweep(model)
            .Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos], Seed = 2 })
            .Curves.Count.ShouldBe(1);
        new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos], Sample = 10 }).Clean.N.ShouldBe(10);
    }

    [Fact]
    public void Bad_files_and_choices_are_refused_by_name()
    {
        using var sample = new SampleRun(options => options with { Modalities = InputModalities.Text });
        var table = new TableSource(sample.WriteTable(12));
        using var model = DuetModel.Load(sample.Run.Path, OneThread);
        Should
            .Throw<OptionException>(() => new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Blur] }))
            .Message.ShouldContain("blur");
        Should
            .Throw<OptionException>(() => new RobustnessSweep(model).Run(table, new RobustnessOptions { Sample = 2 }))
            .Message.ShouldStartWith("Sample is 2");
        var file = Path.Combine(sample.Run.Path, RobustnessReport.FileName);
        File.WriteAllText(file, "{");
        Should.Throw<RunException>(() => new RobustnessSweep(model).Run(table)).Message.ShouldContain(file);
        File.Delete(file);
        new RobustnessSweep(model).Run(table, new RobustnessOptions { Kinds = [CorruptionKind.Typos] }).Curves.Count.ShouldBe(1);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"format_version\": 1", "\"format_version\": 9", StringComparison.Ordinal));
        Should.Throw<RunException>(() => RobustnessReport.Load(sample.Run.Path)).Message.ShouldContain("version 9");
    }

    [Fact]
    public void A_folder_is_measured_and_named_without_its_last_separator()
    {
        using var sample = new SampleRun();
        var folder = Directory.CreateDirectory(sample["shards"]).FullName;
        using (var writer = new TarWriter(File.Create(Path.Combine(folder, "a.tar")), TarEntryFormat.Pax))
        {
            for (var i = 0; i < 12; i++)
            {
                DataSetFolders.Add(writer, $"{i:D4}.jpg", DataSetFolders.Jpeg(i));
                DataSetFolders.Add(
                    writer,
                    $"{i:D4}.json",
                    Encoding.UTF8.GetBytes($$"""{"sku": "p{{i}}", "text": "a bag", "category": "bag", "color": "red", "tags": "new"}""")
                );
            }
        }

        using var model = DuetModel.Load(sample.Run.Path, OneThread);
        var few = new RobustnessOptions { Kinds = [CorruptionKind.Typos] };
        var report = new RobustnessSweep(model).Run(new TableSource(folder + Path.DirectorySeparatorChar), few);
        report.Clean.N.ShouldBe(12);
        report.Source.Table.ShouldBe("shards");
        var told = new List<RobustnessProgress>();
        new RobustnessSweep(model).Run(new TableSource(folder), few, new Told<RobustnessProgress>(told));
        told.ShouldBeEmpty("it is the same folder, and all was measured");
        File.Move(Path.Combine(folder, "a.tar"), Path.Combine(folder, "b.tar"));
        new RobustnessSweep(model).Run(new TableSource(folder), few, new Told<RobustnessProgress>(told));
        told.Count.ShouldBe(4, "the folder holds something else now");
    }

    [Fact]
    public void Other_settings_are_measured_anew()
    {
        using var sample = new SampleRun();
        var table = new TableSource(sample.WriteTable(12));
        var few = new RobustnessOptions { Kinds = [CorruptionKind.Typos] };
        Steps(OneThread, table).ShouldBe(4);
        Steps(OneThread with { BatchSize = 3, LoaderThreads = 2 }, table with { TextColumns = ["text"] })
            .ShouldBe(0, "none of this changes a figure");
        Steps(OneThread with { Threshold = 0.3f }, table).ShouldBe(4);
        Steps(OneThread with { Threshold = 0.3f, LongText = LongText.HeadTail }, table).ShouldBe(4);
        Steps(OneThread with { Threshold = 0.3f, LongText = LongText.HeadTail }, table with { ImageColumns = [] }).ShouldBe(4);

        int Steps(ModelUseOptions use, TableSource source)
        {
            using var model = DuetModel.Load(sample.Run.Path, use);
            var told = new List<RobustnessProgress>();
            new RobustnessSweep(model).Run(source, few, new Told<RobustnessProgress>(told));
            return told.Count;
        }
    }

    [Theory]
    [InlineData("source", "null", "null")]
    [InlineData("source/weights", "null", "null")]
    [InlineData("clean", "null", "null")]
    [InlineData("clean/tasks", "null", "clean products")]
    [InlineData("clean/tasks/category", "null", "clean products")]
    [InlineData("clean/tasks/category/accuracy", "1.5", "between 0 and 1")]
    [InlineData("clean/n", "-1", "fewer than 0")]
    [InlineData("curves", "null", "null")]
    [InlineData("curves/0", "null", "null")]
    [InlineData("curves/0/points", "[]", "no points")]
    [InlineData("curves/0/points/0/tasks", "{}", "other tasks")]
    [InlineData("curves/0/points/0/strength", "null", "no strength")]
    [InlineData("curves/0/points/0/tasks/category/image_share", "-0.1", "between 0 and 1")]
    public void Damage_is_named(string where, string value, string problem)
    {
        using var folder = new Tests.Data.TemporaryFolder();
        var point = new RobustnessPoint
        {
            Strength = 0.1,
            N = 10,
            Tasks = new Dictionary<string, RobustnessFigures> { ["category"] = new(10, 0.5, 0.5) },
        };
        var good = new RobustnessReport
        {
            Model = "cma-clip",
            Source = new RobustnessSource
            {
                Weights = "w",
                Table = "t",
                TableHash = "h",
                Columns = string.Empty,
                Seed = 1,
            },
            Clean = point with { Strength = null },
            Curves = [new RobustnessCurve("typos", "text", "share", [point])],
        };
        good.Save(folder.Path);
        RobustnessReport.Load(folder.Path)!.ToJson().ShouldBe(good.ToJson());
        var json = JsonNode.Parse(good.ToJson())!;
        var path = where.Split('/');
        var parent = path[..^1].Aggregate(json, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        if (int.TryParse(path[^1], out var last))
        {
            parent[last] = JsonNode.Parse(value);
        }
        else
        {
            parent[path[^1]] = JsonNode.Parse(value);
        }

        var file = folder.Write(RobustnessReport.FileName, json.ToJsonString());
        var error = Should.Throw<RunException>(() => RobustnessReport.Load(folder.Path));
        error.Message.ShouldContain(file);
        error.Message.ShouldContain(problem);
    }

    [Fact]
    public void A_file_of_any_size_is_not_read()
    {
        using var folder = new Tests.Data.TemporaryFolder();
        using (var file = File.Create(folder[RobustnessReport.FileName]))
        {
            file.SetLength((16L << 20) + 1);
        }

        Should.Throw<RunException>(() => RobustnessReport.Load(folder.Path)).Message.ShouldContain("at most");
    }

    private static RobustnessPoint Point(RobustnessReport report, string corruption) =>
        report.Curves.Single(curve => curve.Corruption == corruption).Points[^1];

    // The clean products and two corruptions of three strengths come first.
    private static void StopAt(RobustnessProgress state, CancellationTokenSource stop)
    {
        if (state.Done == 8)
        {
            stop.Cancel();
        }
    }
}
