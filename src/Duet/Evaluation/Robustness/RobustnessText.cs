// A sweep for people, as Markdown.
using System.Globalization;
using System.Text;

namespace Duet.Evaluation.Robustness;

/// <summary>Formats a report.</summary>
internal static class RobustnessText
{
    public static string Markdown(RobustnessReport report)
    {
        var tasks = report.Clean.Tasks.Keys.ToArray();
        var shares = report.Clean.MeanImageShare is not null;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"| corruption | strength |{string.Concat(tasks.Select(task => $" {Escape(task)} |"))} mean accuracy |{(shares ? " picture share |" : string.Empty)}\n");
        text.Append("|---|---:|").Append(string.Concat(tasks.Select(_ => "---:|"))).Append("---:|").Append(shares ? "---:|" : string.Empty).Append('\n');
        Row(text, "none", report.Clean, report.Clean, tasks, shares);
        foreach (var curve in report.Curves)
        {
            foreach (var point in curve.Points)
            {
                Row(text, curve.Corruption, point, report.Clean, tasks, shares);
            }
        }

        text.Append('\n');
        foreach (var curve in report.Curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {curve.Corruption} ({curve.Modality}): {curve.Unit}\n");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, RobustnessPoint point, RobustnessPoint clean, string[] tasks, bool shares)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {point.Strength?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-"} |");
        foreach (var task in tasks)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Figure(point.Tasks[task].Accuracy)} |");
        }

        text.Append(CultureInfo.InvariantCulture, $" {Figure(point.MeanAccuracy)} |");
        if (shares)
        {
            var change = ReferenceEquals(point, clean) || point.MeanImageShare is not { } share
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $" ({Math.Round(share - clean.MeanImageShare!.Value, 3):+0.000;-0.000;0.000})");
            text.Append(CultureInfo.InvariantCulture, $" {Figure(point.MeanImageShare)}{change} |");
        }

        text.Append('\n');
    }

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Escape(string name) => name.Replace("|", "\\|", StringComparison.Ordinal);
}
