// Cuts text into words as BERT's basic tokenizer does.
using System.Globalization;
using System.Text;
using Duet.Text.Cleaning;

namespace Duet.Text;

/// <summary>
/// BERT's basic tokenizer (google-research/bert; Hugging Face <c>tokenization_bert.py</c>): control characters are dropped, Chinese
/// characters are set apart, words are cut at white space and punctuation, and in uncased models lower-cased and stripped of accents.
/// </summary>
internal static class BertWords
{
    /// <summary>The words of a text without special tokens.</summary>
    public static List<string> Split(string text, WordPieceOptions options)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Prepare(text, options).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                Finish(words, word);
            }
            else if (IsPunctuation(rune) || (options.SplitChineseCharacters && IsChinese(rune.Value)))
            {
                Finish(words, word);
                words.Add(rune.ToString());
            }
            else
            {
                word.Append(rune);
            }
        }

        Finish(words, word);
        return words;
    }

    private static string Prepare(string text, WordPieceOptions options)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r')
            {
                result.Append(' ');
            }
            else if (rune.Value != 0xFFFD && !IsControl(rune))
            {
                Append(result, rune, options.LowerCase);
            }
        }

        return options.TakesOffAccents ? TakeOffAccents(result.ToString()) : result.ToString();
    }

    // The published tokenizer lower-cases character by character, so a sigma never takes its final form.
    private static void Append(StringBuilder result, Rune rune, bool lowerCase)
    {
        if (!lowerCase)
        {
            result.Append(rune);
        }
        else if (rune.Value == 0x130)
        {
            result.Append("i\u0307");
        }
        else
        {
            result.Append(Rune.ToLowerInvariant(rune));
        }
    }

    // Every Chinese character is a word before accents are taken off, and none of them has any, so the order does not matter.
    private static string TakeOffAccents(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in UnicodeNormalization.Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }

    private static void Finish(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Surrogate;

    // All ASCII symbols count as punctuation here, though Unicode calls some of them symbols.
    private static bool IsPunctuation(Rune rune) =>
        rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation;

    private static bool IsChinese(int value) =>
        value
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B820 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);
}
