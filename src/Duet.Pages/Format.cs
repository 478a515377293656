// How figures are written on a page.
using System.Globalization;
using Duet.Metrics;

namespace Duet.Pages;

/// <summary>Writes figures with the same number of places everywhere, and a dash where there is none.</summary>
public static class Format
{
    /// <summary>Stands for a figure that is undefined.</summary>
    public const string Missing = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A fraction in percent, one decimal.</summary>
    public static string Percent(double? fraction) =>
        fraction is { } value && !double.IsNaN(value) ? string.Create(Culture, $"{100 * value:0.0} %") : Missing;

    /// <summary>A fraction in whole percent.</summary>
    public static string WholePercent(double fraction) => string.Create(Culture, $"{100 * fraction:0} %");

    /// <summary>The bounds of an interval of fractions, in percent.</summary>
    public static string PercentRange(ConfidenceInterval? interval) =>
        interval is null ? Missing : string.Create(Culture, $"{100 * interval.Low:0.0}–{100 * interval.High:0.0} %");

    /// <summary>A difference of fractions in percentage points, with its sign.</summary>
    public static string Points(double? difference) =>
        difference is { } value ? string.Create(Culture, $"{100 * value:+0.0;−0.0;0.0}") : Missing;

    /// <summary>The bounds of an interval of differences, in percentage points.</summary>
    public static string PointsRange(ConfidenceInterval? interval) =>
        interval is null ? Missing : $"{Points(interval.Low)} to {Points(interval.High)}";

    /// <summary>A figure with three decimals.</summary>
    public static string ThreeDecimals(double? value) =>
        value is { } given && !double.IsNaN(given) ? given.ToString("0.000", Culture) : Missing;

    /// <summary>A whole number with thin spaces between thousands.</summary>
    public static string Count(long value) => value.ToString("#,0", Culture).Replace(',', '\u202F');

    /// <summary>A count with its noun.</summary>
    public static string Count(long value, string one, string many) => $"{Count(value)} {(value == 1 ? one : many)}";

    /// <summary>A count in millions.</summary>
    public static string Millions(long? count) => count is { } value ? $"{Short(Math.Round(value / 1e6, 2))} M" : Missing;

    /// <summary>A number with at most four decimals.</summary>
    public static string Short(double value) => value.ToString("0.####", Culture);

    /// <summary>Hours, minutes, seconds.</summary>
    public static string Duration(TimeSpan time) =>
        time switch
        {
            { TotalHours: >= 1 } => string.Create(Culture, $"{(int)time.TotalHours} h {time.Minutes} min"),
            { TotalMinutes: >= 10 } => string.Create(Culture, $"{Math.Round(time.TotalMinutes):0} min"),
            { TotalMinutes: >= 1 } => string.Create(Culture, $"{time.Minutes} min {time.Seconds} s"),
            _ => string.Create(Culture, $"{time.TotalSeconds:0.0} s"),
        };

    /// <summary>The rows that were measured: how many, and of which split.</summary>
    public static string Rows(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{Count(report.N, "product", "products")} of the {(report.Split is { } split ? $"{split} split" : "whole table")}";
    }

    /// <summary>The name of a setting as words: <c>gaussian_noise</c> is written <c>gaussian noise</c>.</summary>
    public static string Spaced(string name) => name.Replace('_', ' ');

    /// <summary>A text of at most so many characters.</summary>
    public static string Truncate(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Never between the two halves of a surrogate pair.
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
