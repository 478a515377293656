// The encodings that tables may be in beside UTF-8, and what bytes that are no UTF-8 look like.
using System.Text;

namespace Duet.Data;

/// <summary>Finds encodings by name and guesses one from bytes.</summary>
internal static class TableEncoding
{
    // Western texts have a letter with an accent now and then; where most letters are no ASCII, it is another script.
    private const double MaxAccented = 0.35;

    // The bytes of windows-1252 that have no meaning, and those of signs that texts hardly have but every Japanese, Chinese or Cyrillic
    // text in an encoding of its own does.
    private static readonly byte[] Unlikely = [0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x82, 0x83, 0x86, 0x87, 0x88, 0x89, 0x8B, 0x98, 0x9B];

    /// <summary>The encoding of a name; null for UTF-8, which needs no conversion.</summary>
    /// <exception cref="OptionException">There is no such encoding.</exception>
    public static Encoding? Find(string? name)
    {
        if (name is null)
        {
            return null;
        }

        try
        {
            // Not the one that takes a similar character, or a question mark, for what there is none for.
            var (encoder, decoder) = (EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"));
            var encoding =
                CodePagesEncodingProvider.Instance.GetEncoding(name.Trim(), encoder, decoder)
                ?? Encoding.GetEncoding(name.Trim(), encoder, decoder);
            return encoding.CodePage == Encoding.UTF8.CodePage ? null : encoding;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new OptionException(
                $"encoding is '{name}', which is unknown; known are for instance windows-1252, iso-8859-1, iso-8859-15, utf-16, "
                    + $"shift_jis, gb18030, windows-1251.",
                e
            );
        }
    }

    /// <summary>What to do about bytes that are no UTF-8, for the end of a sentence.</summary>
    public static string Advice(ReadOnlySpan<byte> bytes) =>
        LooksWestern(bytes)
            ? "not UTF-8, looks like windows-1252: --encoding windows-1252"
            : "not UTF-8; name its encoding (--encoding windows-1251, shift_jis, gb18030, ...) or save the table as UTF-8";

    private static bool LooksWestern(ReadOnlySpan<byte> bytes)
    {
        var (letters, accented) = (0, 0);
        foreach (var value in bytes)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return false;
            }

            letters += value >= 0x80 || char.IsAsciiLetter((char)value) ? 1 : 0;
            accented += value >= 0x80 ? 1 : 0;
        }

        return bytes.IndexOfAny(Unlikely) < 0 && accented <= Math.Max(1, MaxAccented * letters);
    }
}
