// How figures are written in a report.
using System.Globalization;

namespace Duet.Reports.Markup;

/// <summary>Numbers for people: the same places everywhere, a dash where there is nothing.</summary>
internal static class Words
{
    /// <summary>Stands for a figure that is undefined.</summary>
    public const string None = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A share of 1 in percent, one decimal.</summary>
    public static string Percent(double? share) => share is { } value && !double.IsNaN(value) ? string.Create(Culture, $"{100 * value:0.0} %") : None;

    /// <summary>A share of 1 in whole percent.</summary>
    public static string WholePercent(double share) => string.Create(Culture, $"{100 * share:0} %");

    /// <summary>A range of shares in percent.</summary>
    public static string Range(double low, double high) => string.Create(Culture, $"{100 * low:0.0}–{100 * high:0.0} %");

    /// <summary>A difference of shares in percentage points, with its sign.</summary>
    public static string Points(double difference) => string.Create(Culture, $"{100 * difference:+0.0;−0.0;0.0}");

    /// <summary>A figure with three decimals.</summary>
    public static string Decimal(double? value) => value is { } given && !double.IsNaN(given) ? given.ToString("0.000", Culture) : None;

    /// <summary>A whole number with thin spaces between thousands.</summary>
    public static string Count(long value) => value.ToString("#,0", Culture).Replace(',', '\u202F');

    /// <summary>Any number, as short as it goes.</summary>
    public static string Short(double value) => value.ToString("0.####", Culture);

    /// <summary>A count with its noun.</summary>
    public static string Count(long value, string one, string many) => $"{Count(value)} {(value == 1 ? one : many)}";

    /// <summary>Hours, minutes, seconds.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(Culture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        { TotalMinutes: >= 10 } => string.Create(Culture, $"{Math.Round(time.TotalMinutes):0} min"),
        { TotalMinutes: >= 1 } => string.Create(Culture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(Culture, $"{time.TotalSeconds:0.0} s"),
    };

    /// <summary>A word of a setting as people write it.</summary>
    public static string Plain(string name) => name.Replace('_', ' ');

    /// <summary>A text that fits a small space.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Never between the halves of a character beyond 16 bits.
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
