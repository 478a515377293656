// Typographic variants of ordinary characters: curly quotes, ligatures, full and half width.
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>Replaces typographic variants by the characters that vocabularies are made of.</summary>
internal static class Typography
{
    private static readonly Dictionary<char, string> Replacements = Build();

    /// <summary>Straight quotes, Latin ligatures and digraphs as their letters, full-width and half-width forms as ordinary ones.</summary>
    public static string Simplify(string text)
    {
        StringBuilder? result = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] > 0x7F && Replacements.TryGetValue(text[i], out string? replacement))
            {
                result ??= new StringBuilder(text, 0, i, text.Length + 16);
                result.Append(replacement);
            }
            else
            {
                result?.Append(text[i]);
            }
        }

        return result?.ToString() ?? text;
    }

    private static Dictionary<char, string> Build()
    {
        var table = new Dictionary<char, string>
        {
            ['\u02BC'] = "'",
            ['\u2018'] = "'",
            ['\u2019'] = "'",
            ['\u201A'] = "'",
            ['\u201B'] = "'",
            ['\u201C'] = "\"",
            ['\u201D'] = "\"",
            ['\u201E'] = "\"",
            ['\u201F'] = "\"",

            // The Afrikaans digraph's apostrophe is one of the quotes above, so it ends up straight.
            ['\u0132'] = "IJ",
            ['\u0133'] = "ij",
            ['\u0149'] = "'n",
            ['\u01F1'] = "DZ",
            ['\u01F2'] = "Dz",
            ['\u01F3'] = "dz",
            ['\u01C4'] = "D\u017D",
            ['\u01C5'] = "D\u017E",
            ['\u01C6'] = "d\u017E",
            ['\u01C7'] = "LJ",
            ['\u01C8'] = "Lj",
            ['\u01C9'] = "lj",
            ['\u01CA'] = "NJ",
            ['\u01CB'] = "Nj",
            ['\u01CC'] = "nj",
            ['\uFB00'] = "ff",
            ['\uFB01'] = "fi",
            ['\uFB02'] = "fl",
            ['\uFB03'] = "ffi",
            ['\uFB04'] = "ffl",
            ['\uFB05'] = "\u017Ft",
            ['\uFB06'] = "st",
        };
        foreach (string[] fields in UnicodeData.Lines("unicode-normalization.txt").Where(fields => fields[0] is "W"))
        {
            table.Add((char)UnicodeData.Number(fields[1]), UnicodeData.Characters(fields.AsSpan(2)));
        }

        return table;
    }
}
