// The text cleaning of SigLIP's two published implementations.
using System.Text;
using Duet.Text.Cleaning;

namespace Duet.Text;

/// <summary>Case, punctuation and white space as SigLIP's published tokenizers treat them.</summary>
internal static class SigLipCleaner
{
    /// <summary>
    /// Lower case one character at a time, as Hugging Face's slow tokenizers do it: there is no final sigma, and a dotted capital I keeps
    /// its dot.
    /// </summary>
    public static string LowerEach(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130)
            {
                result.Append("i\u0307");
            }
            else
            {
                result.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return result.ToString();
    }

    /// <summary>ASCII punctuation deleted, every run of white space one blank, none at the ends.</summary>
    public static string DeletePunctuation(string text)
    {
        var result = new StringBuilder(text.Length);
        var pending = false;
        foreach (var value in text)
        {
            if (char.IsAscii(value) && (char.IsPunctuation(value) || char.IsSymbol(value)))
            {
                continue;
            }

            if (IsSpace(value))
            {
                pending = result.Length > 0;
                continue;
            }

            if (pending)
            {
                result.Append(' ');
                pending = false;
            }

            result.Append(value);
        }

        return result.ToString();
    }

    /// <summary>open_clip's <c>canonicalize</c> (open_clip, tokenizer.py).</summary>
    public static string Canonicalize(string text)
    {
        var unescaped = HtmlReferences.Unescape(HtmlReferences.Unescape(TextRepair.Fix(text)));
        return DeletePunctuation(PythonText.ToLower(unescaped.Replace('_', ' ')));
    }

    /// <summary>White space in Python's sense: .NET's and four separators.</summary>
    public static bool IsSpace(char value) => char.IsWhiteSpace(value) || value is >= '\u001C' and <= '\u001F';
}
