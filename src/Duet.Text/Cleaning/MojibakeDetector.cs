// Tells whether a text holds character sequences that come from decoding with the wrong encoding.
using System.Text.RegularExpressions;

namespace Duet.Text.Cleaning;

/// <summary>
/// The heuristic of ftfy 6.3 (rspeer/python-ftfy, <c>badness</c>): the few hundred characters that occur when UTF-8 is read as a
/// single-byte encoding are put into classes, and neighbours that people do not write, such as an accented lower-case letter before a
/// currency sign, count as damage. Written as one linear-time expression, so that no text can make it slow.
/// </summary>
internal static class MojibakeDetector
{
    private const string Common = "\u00A0\u00AD\u00B7\u00B4\u2013\u2014\u2015\u2026\u2019";
    private const string C1 = "\u0080-\u009F";
    private const string Bad = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\uFFFDªº";
    private const string Law = "¶§";
    private const string Currency = "¢£¥₧€";
    private const string Start = "¡«¿©\u0384\u0385‘‚“„•‹\uF8FF";
    private const string End = "®»˝”›™";
    private const string Numeric = "²³¹±¼½¾×µ÷\u2044∂∆∏∑√∞∩∫≈≠≡≤≥№";
    private const string Face = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°";
    private const string Upper = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";
    private const string Lower = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ";
    private const string UpperPlain = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я";
    private const string LowerPlain = "α-ωάέήίΰа-џ";
    private const string Box = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓";
    private const string Symbols = Box + Start + End + Currency + Numeric + Law;

    // Python's \s and \w, which differ from .NET's.
    private const string Space = @"[\s\u001C-\u001F]";
    private const string Word = @"[\p{L}\p{N}_]";

    // What follows a Cyrillic or Greek capital when Latin-1 text, itself UTF-8, was read in those alphabets' encodings.
    private const string LeadTail = C1 + Bad + Start + End + Currency + "°";
    private const string ArabicTail = Common + Currency + Bad + Numeric + Start + "ŸŠ®°µ»";

    private static readonly string[] Neighbours =
    [
        $"[{C1}]",
        $"[{Bad}{Lower}{Upper}{Symbols}][{Bad}]",
        $"[a-zA-Z][{LowerPlain}{UpperPlain}][{Bad}]",
        $"[{Bad}][{Lower}{Upper}{Symbols}]",
        $"[{Lower}{LowerPlain}{Box}{End}{Currency}{Numeric}][{Upper}]",
        $"[{Box}{End}{Currency}{Numeric}][{Lower}]",
        $"[{Lower}{Box}{End}][{Currency}]",
        $"{Space}[{Upper}][{Currency}]",
        $"[{Upper}{Box}][{Numeric}{Law}]",
        $"[{Lower}{Upper}{Box}{Currency}{End}][{Start}][{Numeric}]",
        $"[{Lower}{Upper}{Currency}{Numeric}{Box}{Law}][{End}][{Start}]",
        $"[{Currency}{Numeric}{Box}][{Start}]",
        $"[a-z][{Upper}][{Start}{Currency}]",
        $"[{Box}][{Face}]",
        $"[{Lower}{Upper}{Currency}{Numeric}{Start}{End}{Law}][{Box}]",
        $"[{Box}][{End}]",
        $"[{Lower}{Upper}][{Start}{End}]{Word}",
    ];

    private static readonly string[] KnownSequences =
    [
        "[Œœ][^A-Za-z]",
        $"[{Upper}]°",
        // UTF-8 read as Windows-1252: Latin, Arabic, South Asian.
        $"[ÂÃÎÐ][€œŠš¢£Ÿž\u00A0\u00AD®©°·»{Start}{End}–—´]",
        "×[²³]",
        $"[ØÙ][{ArabicTail}][ØÙ][{ArabicTail}]",
        "à[²µ¹¼½¾]",
        // UTF-8 read as Mac Roman.
        "√[±∂†≠®™´≤≥¥µø]",
        "≈[°¢]",
        "‚Ä[ìîïòôúùû†°¢π]",
        "‚[âó][àä°ê]",
        // UTF-8 read as Windows-1251, once or twice.
        "вЂ",
        $"[ВГРС][{LeadTail}µ][ВГРС]",
        "ГўВЂВ.[A-Za-z ]",
        // A no-break space that became a blank after its lead byte.
        "Ã[\u00A0¡]",
        $"[a-z]{Space}?[ÃÂ][ ]",
        "^[ÃÂ][ ]",
        $"[a-z.,?!{End}]Â[ {Start}{End}]",
        // UTF-8 read as Windows-1253 and Windows-1257.
        "β€[™\u00A0Ά\u00AD®°]",
        $"[ΒΓΞΟ][{LeadTail}][ΒΓΞΟ]",
        "ā€",
    ];

    private static readonly Regex Damage = new(
        string.Join('|', Neighbours.Concat(KnownSequences)),
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>Whether the text looks damaged.</summary>
    public static bool IsBad(string text) => Damage.IsMatch(text);
}
