// One spelling for labels that are the same number, the same truth value or the same text.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Duet.Text.Cleaning;

namespace Duet.Data;

/// <summary>How labels are spelled and compared.</summary>
public static partial class LabelSpelling
{
    /// <summary>
    /// The one spelling of a label: without blanks around it, composed (NFC), <c>true</c> and <c>false</c> in lower case, numbers without
    /// needless zeros behind the point (<c>1.0</c> is <c>1</c>, <c>2.50</c> is <c>2.5</c>, <c>.5</c> is <c>0.5</c>). Leading zeros stay,
    /// since <c>01</c> is a code and not the number 1; so do <c>+1</c>, <c>1e3</c> and all other texts, whose letter case counts.
    /// </summary>
    public static string Canonical(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var text = label.Trim();
        if (!Ascii.IsValid(text))
        {
            return UnicodeNormalization.Compose(text);
        }

        if (bool.TryParse(text, out var truth))
        {
            return truth ? "true" : "false";
        }

        // Most labels are words, so a look at the end spares the expression.
        return text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text[^1] == '.') && Number().Match(text) is { Success: true } number
            ? Plain(number)
            : text;
    }

    /// <summary>What is left of a label when letter case, accents, blanks and the format of numbers (<c>01</c>, <c>1,5</c>, <c>1e3</c>) do
    /// not count.</summary>
    internal static string Folded(string label) => Fold(label, letterCase: true, accents: true, blanks: true);

    /// <summary>In what two labels of the same <see cref="Folded"/> form differ, for messages: <c>case and accents</c>.</summary>
    internal static string Difference(string one, string other)
    {
        if (IsLooseNumber(one) && IsLooseNumber(other))
        {
            return "number format";
        }

        string[] kinds =
        [
            .. Differ(letterCase: false, accents: true, blanks: true) ? (string[])["case"] : [],
            .. Differ(letterCase: true, accents: false, blanks: true) ? (string[])["accents"] : [],
            .. Differ(letterCase: true, accents: true, blanks: false) ? (string[])["blanks"] : [],
        ];
        return kinds.Length == 0 ? "spelling" : string.Join(" and ", kinds);

        bool Differ(bool letterCase, bool accents, bool blanks) =>
            !string.Equals(Fold(one, letterCase, accents, blanks), Fold(other, letterCase, accents, blanks), StringComparison.Ordinal);
    }

    private static string Fold(string label, bool letterCase, bool accents, bool blanks)
    {
        if (
            IsLooseNumber(label)
            && decimal.TryParse(label.Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        )
        {
            return Canonical(number.ToString("0.############################", CultureInfo.InvariantCulture));
        }

        var folded = new StringBuilder(label.Length);
        foreach (var rune in (accents ? UnicodeNormalization.Decompose(label) : UnicodeNormalization.Compose(label)).EnumerateRunes())
        {
            if (!(accents && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) && !(blanks && Rune.IsWhiteSpace(rune)))
            {
                folded.Append(letterCase ? Rune.ToLowerInvariant(rune) : rune);
            }
        }

        return folded.ToString();
    }

    private static bool IsLooseNumber(string label) => LooseNumber().IsMatch(label.Trim());

    private static string Plain(Match number)
    {
        var whole = number.Groups["whole"].Value;
        var part = number.Groups["part"].Value.TrimEnd('0');
        var size = (whole.Length == 0 ? "0" : whole) + (part.Length == 0 ? string.Empty : "." + part);
        return string.Equals(size, "0", StringComparison.Ordinal) ? size : number.Groups["sign"].Value + size;
    }

    [GeneratedRegex(
        @"\A(?<sign>-?)((?<whole>0|[1-9][0-9]*)(\.(?<part>[0-9]*))?|\.(?<part>[0-9]+))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\A[+-]?([0-9]{1,25}([.,][0-9]{0,25})?|[.,][0-9]{1,25})([eE][+-]?[0-9]{1,2})?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LooseNumber();
}
