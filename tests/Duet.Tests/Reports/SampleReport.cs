// A run whose titles, labels and names mean harm, and the report of it.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Reports;
using Duet.Runs;
using Duet.Studies.Comparison;
using Duet.Studies.Robustness;
using Duet.Tests.Inference;
using Duet.Tests.Vision;
using Duet.Vision;

namespace Duet.Tests.Reports;

/// <summary>A sample run with a table of 24 hostile products, five epochs and a quarantine list.</summary>
internal sealed class SampleReport : IDisposable
{
    /// <summary>Markup, a script, a handler, an address, quotes.</summary>
    public const string Attack = "<script>alert(1)</script>\"'><img src=http://example.com/x onerror=alert(2)>&lt;";

    /// <summary>A character that turns the writing direction, an emoji, a control character.</summary>
    public const string Odd = "\u202Egnp.exe \U0001F45F \u0001";

    private const int Rows = 24;

    private static readonly string[] Categories = ["<b>bag</b>", Attack, "shirt & \"tie\""];

    private readonly SampleRun _run = new();

    public SampleReport()
    {
        var colors = SampleRun.Schema.Tasks[1].Classes;
        new TaskSchema([
            SampleRun.Schema.Tasks[0] with
            {
                Classes = Categories,
            },
            SampleRun.Schema.Tasks[1] with
            {
                Classes = [Odd, .. colors.Skip(1)],
            },
            SampleRun.Schema.Tasks[2],
        ]).Save(_run.Run.LabelsFile);
        var lines = Enumerable.Range(0, Rows).Select(i => Line(i, colors));
        _run.Write("products.csv", "sku,image,text,category,color,tags\n" + string.Join('\n', lines) + "\n");
        _run.Write(Path.Combine("run", "metrics.jsonl"), string.Concat(Enumerable.Range(1, 5).Select(Epoch)));
        new Losses(new LossCount(Rows, 0), new LossCount(Rows, 2)).Save(_run.Run.LossesFile);
        _run.Write(
            Path.Combine("run", "quarantine.csv"),
            "row,id,file,reason,detail,row_refused\n3,x,a.jpg,image_missing,gone,false\n4,y,b.jpg,image_missing,gone,false\n"
        );
    }

    public string Folder => _run.Run.Path;

    public string Table => _run.Table;

    public string this[string name] => _run[name];

    public static ReportOptions Options { get; } =
        new()
        {
            Use = new ModelUseOptions { Threads = 1, LoaderThreads = 1 },
        };

    public ReportData Gather(Func<ReportOptions, ReportOptions>? change = null) =>
        ReportGatherer.Gather(Folder, change?.Invoke(Options) ?? Options);

    /// <summary>The report of everything there is: a taxonomy, a calibration, slices, robustness, an ablation, and the run against
    /// itself.</summary>
    public ReportData GatherAll(Func<ReportOptions, ReportOptions>? change = null)
    {
        AddTaxonomy();
        Calibrate(new CalibrationOptions { Precision = 0.05, Confidence = 0.5 });
        WriteRobustness();
        WriteComparison(this["ablation"]);
        var all = Options with
        {
            Data = new TableSource(Table),
            Split = "train",
            Against = Folder,
            Comparison = this["ablation"],
            SliceColumns = ["@inputs", "category"],
        };
        return ReportGatherer.Gather(Folder, change?.Invoke(all) ?? all);
    }

    /// <summary>Gives the categories ancestors with hostile names.</summary>
    public void AddTaxonomy()
    {
        var schema = TaskSchema.Load(_run.Run.LabelsFile);
        new TaskSchema(
            schema.Tasks.Select(
                (task, i) => i > 0 ? task : task with { Paths = ["<i>goods</i \"' > bag", "<i>goods</i \"' > \"'&lt;", $"{Odd} > tie"] }
            )
        ).Save(_run.Run.LabelsFile);
    }

    public void Calibrate(CalibrationOptions options, ModelUseOptions? use = null)
    {
        // All rows, which of the run's own table are refused.
        var copy = this["calibration.csv"];
        File.Copy(Table, copy, overwrite: true);
        using var model = DuetModel.Load(Folder, (use ?? Options.Use) with { Calibrated = false });
        new RunCalibrator(model).Calibrate(new TableSource(copy), split: null, options);
    }

    public void WriteRobustness(string? weights = null)
    {
        var hash = weights ?? CalibrationFile.HashOf(_run.Run.WeightsFile);
        new RobustnessReport
        {
            Model = "cma-clip",
            Source = new RobustnessSource
            {
                Weights = hash,
                Table = "products.csv",
                TableHash = hash,
                Columns = string.Empty,
                Split = "test",
                Seed = 1,
            },
            Complete = true,
            Clean = Point(null, 0.9, 0.5),
            Curves =
            [
                new RobustnessCurve("gaussian_noise", "image", "share", [Point(0.1, 0.8, 0.4), Point(0.2, 0.6, 0.3)]),
                new RobustnessCurve("typos", "text", "share", [Point(0.1, 0.8, 0.6), Point(0.2, 0.7, 0.7)]),
            ],
        }.Save(Folder);
    }

    /// <summary>An ablation of two seeds: the first system, one that is worse, one with a hostile label that is much worse, and one that
    /// failed.</summary>
    public static ComparisonTable WriteComparison(string folder)
    {
        Directory.CreateDirectory(folder);
        var table = new ComparisonTable
        {
            Split = "test",
            Seeds = [1, 2],
            Tasks = ["category", Attack],
            Command = ["ablate", "--data", "my table.csv", "--task", Attack],
            Systems =
            [
                System("cma-clip", 0.90) with
                {
                    Interval = new ConfidenceInterval(0.90, 0.88, 0.92, 0.95),
                },
                System("cma-clip:sequence_wise_attention=false", 0.88) with
                {
                    Difference = new PairedDifference(new ConfidenceInterval(-0.02, -0.045, 0.004, 0.95), 0.11),
                },
                System(Attack + Odd, 0.60) with
                {
                    Difference = new PairedDifference(new ConfidenceInterval(-0.30, -0.35, -0.24, 0.95), 0.0004),
                },
                ComparisonRow.Of(
                    ComparedSystem.Of("clip", "tiny", new Duet.Training.TrainingOptions()) with
                    {
                        Label = "broken",
                    },
                    "runs/broken",
                    [
                        new ComparedRun
                        {
                            System = "broken",
                            Seed = 1,
                            Folder = "runs/broken/seed-1",
                            Error = Attack,
                        },
                    ]
                ),
            ],
        };
        table.Save(folder);
        return table;
    }

    public void Dispose() => _run.Dispose();

    private static ComparisonRow System(string label, double mean)
    {
        ComparedRun Run(ulong seed, double score) =>
            new()
            {
                System = label,
                Seed = seed,
                Folder = $"runs/a/seed-{seed}",
                Scores = new Dictionary<string, double> { ["category"] = score, [Attack] = score },
                Parameters = 1_234_567,
                SamplesPerSecond = 10,
                Epochs = 2,
                BestEpoch = 1,
            };
        return new ComparisonRow
        {
            System = label,
            Model = "cma-clip",
            Preset = "tiny",
            Folder = "runs/a",
            Mean = MeanAndSpread.Of([mean - 0.01, mean + 0.01]),
            Tasks = new Dictionary<string, MeanAndSpread>
            {
                ["category"] = MeanAndSpread.Of([mean - 0.01, mean + 0.01])!,
                [Attack] = MeanAndSpread.Of([mean])!,
            },
            Parameters = 1_234_567,
            Runs = [Run(1, mean - 0.01), Run(2, mean + 0.01)],
        };
    }

    private static RobustnessPoint Point(double? strength, double accuracy, double share) =>
        new()
        {
            Strength = strength,
            N = 10,
            Tasks = new Dictionary<string, RobustnessFigures> { ["category"] = new(10, accuracy, share) },
        };

    private string Line(int i, IReadOnlyList<string> colors)
    {
        var picture = $"{i}.jpg";

        // One picture is missing and one is none.
        if (i == 1)
        {
            _run.Write(picture, "no picture");
        }
        else if (i != 2)
        {
            ImageEncoder.WriteJpeg(TestPictures.Draw(200 + i, 90, seed: i), _run[picture]);
        }

        var text = i % 6 == 5 ? string.Empty : $"{Attack} number {i} {Odd}";
        string[] cells =
        [
            $"p{i}{(i == 4 ? Attack : string.Empty)}",
            picture,
            text,
            i % 5 == 4 ? string.Empty : Categories[i % 3],
            i % 2 == 0 ? colors[(i % 6) + 1] : "unheard of",
            i % 4 == 3 ? string.Empty : "new|sale",
        ];
        return string.Join(
            ',',
            cells.Select(cell =>
                $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\u0001", string.Empty, StringComparison.Ordinal)}\""
            )
        );
    }

    private static string Epoch(int epoch) =>
        FormattableString.Invariant(
            $$$"""{"stage":"training","epoch":{{{epoch}}},"epochs":5,"step":{{{10 * epoch}}},"loss":{{{3.0 / epoch}}},"task_losses":{"category":{{{2.0 / epoch}}},"color":{{{1.0 / epoch}}}},"score":{{{0.5 + (0.05 * epoch)}}},"scores":{"category":0.5,"color":{{{0.1 * epoch}}},"tags":0.4},"is_best":{{{(epoch == 4 ? "true" : "false")}}},"samples_per_second":100,"seconds":2}"""
        ) + "\n";
}
