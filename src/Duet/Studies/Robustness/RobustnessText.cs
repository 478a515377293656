// A sweep for people, as rows of texts and as Markdown.
using System.Globalization;
using System.Text;

namespace Duet.Studies.Robustness;

/// <summary>Formats a report.</summary>
internal static class RobustnessText
{
    public static string Markdown(RobustnessReport report)
    {
        var rows = Rows(report);
        var text = new StringBuilder();
        Append(text, rows[0].Select(Escape));
        text.Append("|---|").Append(string.Concat(rows[0].Skip(1).Select(_ => "---:|"))).Append('\n');
        foreach (var row in rows.Skip(1))
        {
            Append(text, row);
        }

        text.Append('\n');
        foreach (var curve in report.Curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {curve.Corruption} ({curve.Modality}): {curve.Unit}\n");
        }

        return text.ToString();
    }

    public static IReadOnlyList<IReadOnlyList<string>> Rows(RobustnessReport report)
    {
        string[] tasks = [.. report.Clean.Tasks.Keys];
        string[] share = report.Clean.MeanImageShare is null ? [] : ["picture share"];
        return
        [
            ["corruption", "strength", .. tasks, "mean accuracy", .. share],
            Row("none", report.Clean, report.Clean, tasks),
            .. report.Curves.SelectMany(curve => curve.Points.Select(point => Row(curve.Corruption, point, report.Clean, tasks))),
        ];
    }

    private static string[] Row(string name, RobustnessPoint point, RobustnessPoint clean, string[] tasks) =>
        [
            name,
            point.Strength?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-",
            .. tasks.Select(task => Figure(point.Tasks[task].Accuracy)),
            Figure(point.MeanAccuracy),
            .. clean.MeanImageShare is { } before ? (string[])[Figure(point.MeanImageShare) + Change(point, clean, before)] : [],
        ];

    private static string Change(RobustnessPoint point, RobustnessPoint clean, double before) =>
        ReferenceEquals(point, clean) || point.MeanImageShare is not { } share
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" ({Math.Round(share - before, 3):+0.000;-0.000;0.000})");

    private static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Escape(string name) => name.Replace("|", "\\|", StringComparison.Ordinal);
}
