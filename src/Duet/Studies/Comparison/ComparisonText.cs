// The table of a comparison for people (Markdown) and for spreadsheets (CSV).
using System.Globalization;
using System.Text;
using CsvHelper;
using Duet.Metrics;

namespace Duet.Studies.Comparison;

/// <summary>Formats a table.</summary>
internal static class ComparisonText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A table, a line on how to read it, and what failed.</summary>
    public static string Markdown(ComparisonTable table)
    {
        var text = new StringBuilder();
        var rows = Rows(table);
        AppendRow(text, rows[0]);
        AppendRow(text, rows[0].Select((_, column) => column == 0 || column == rows[0].Count - 1 ? "---" : "---:"));
        foreach (var row in rows.Skip(1))
        {
            AppendRow(text, row);
        }

        return text.Append('\n').Append(Notes(table)).ToString();
    }

    /// <summary>The header and a row per system.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(ComparisonTable table) =>
        [
            ["system", "mean", "to the first", .. table.Tasks, "parameters", "samples/s", "epochs", "runs", "run folders"],
            .. table.Systems.Select(row =>
                (string[])
                    [
                        row.System,
                        Score(row.Mean),
                        Difference(row.Difference),
                        .. table.Tasks.Select(task => Score(row.Tasks.GetValueOrDefault(task))),
                        row.Parameters is { } parameters ? string.Create(Culture, $"{parameters / 1e6:0.00} M") : "-",
                        row.SamplesPerSecond is { } rate ? rate.Mean.ToString("0", Culture) : "-",
                        row.Epochs?.ToString(Culture) ?? "-",
                        $"{row.Runs.Count - row.Failed} of {table.Seeds.Count}{(row.Failed > 0 ? $", {row.Failed} failed" : string.Empty)}",
                        row.Folder,
                    ]
            ),
        ];

    /// <summary>How to read the table, and what failed.</summary>
    public static string Notes(ComparisonTable table)
    {
        var budget = table.Minutes is { } minutes
            ? string.Create(Culture, $"{minutes:0.##} minutes of training per run, turned into epochs at the rate of a warm-up")
            : "the epochs in the table";
        var text = new StringBuilder();
        text.Append(
                Culture,
                $"Accuracy (micro F1 for multi-label tasks) on the split `{table.Split}`: mean ± standard deviation over the seeds "
                    + $"{string.Join(", ", table.Seeds)}; "
            )
            .Append(Culture, $"budget: {budget}. samples/s is training. `mean` is over the tasks. ")
            .Append(
                "`to the first`: difference of the means to the first system, with the 95 % interval of the paired bootstrap over "
                    + "products.\n"
            );
        foreach (var run in table.Systems.SelectMany(row => row.Runs).Where(run => run.Error is not null))
        {
            text.Append(Culture, $"\n- failed: {OneLine(run.System)}, seed {run.Seed}: {OneLine(run.Error!)}\n");
        }

        return text.ToString();
    }

    /// <summary>One row per system; every figure with its deviation in a column of its own, empty where it is undefined.</summary>
    public static void WriteCsv(ComparisonTable table, Stream stream)
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteHeader([
            "system",
            "model",
            "preset",
            "mean",
            "mean_deviation",
            "difference",
            "difference_low",
            "difference_high",
            "difference_p",
            .. table.Tasks.SelectMany(task => new[] { $"task_{task}", $"task_{task}_deviation" }),
            "parameters",
            "samples_per_second",
            "epochs",
            "runs",
            "failed",
            "folder",
            "error",
        ]);
        foreach (var row in table.Systems)
        {
            csv.WriteRecord([
                row.System,
                row.Model,
                row.Preset,
                .. Pair(row.Mean),
                .. Interval(row.Difference),
                .. table.Tasks.SelectMany(task => Pair(row.Tasks.GetValueOrDefault(task))),
                row.Parameters?.ToString(Culture) ?? string.Empty,
                row.SamplesPerSecond?.Mean.ToString("0.##", Culture) ?? string.Empty,
                row.Epochs?.ToString(Culture) ?? string.Empty,
                (row.Runs.Count - row.Failed).ToString(Culture),
                row.Failed.ToString(Culture),
                row.Folder,
                row.Runs.FirstOrDefault(run => run.Error is not null)?.Error ?? string.Empty,
            ]);
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select(cell => OneLine(cell).Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");

    private static string Score(MeanAndSpread? score) =>
        score switch
        {
            null => "-",
            { Deviation: { } deviation } => string.Create(Culture, $"{score.Mean:0.0000} ± {deviation:0.0000}"),
            _ => score.Mean.ToString("0.0000", Culture),
        };

    private static string Difference(PairedDifference? paired) =>
        paired is { Difference: var difference }
            ? string.Create(
                Culture,
                $"{difference.Estimate:+0.0000;-0.0000} [{difference.Low:+0.0000;-0.0000}, {difference.High:+0.0000;-0.0000}]"
            )
            : "-";

    private static string[] Interval(PairedDifference? paired) =>
        paired is { Difference: var difference }
            ?
            [
                .. new[] { difference.Estimate, difference.Low, difference.High, paired.PValue }.Select(value =>
                    value.ToString("0.######", Culture)
                ),
            ]
            : ["", "", "", ""];

    private static string[] Pair(MeanAndSpread? score) =>
        [score?.Mean.ToString("0.######", Culture) ?? string.Empty, score?.Deviation?.ToString("0.######", Culture) ?? string.Empty];

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
