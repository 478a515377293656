// Strict UTF-8 decoding, and the two common deviations from it.
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>Decodes UTF-8, also with surrogate pairs encoded one by one (CESU-8) and with Java's two-byte null.</summary>
internal static class Utf8Variants
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of bytes held as characters U+0000 to U+00FF; null where they are not UTF-8.</summary>
    public static string? Decode(string bytes)
    {
        byte[] content = Encoding.Latin1.GetBytes(bytes);
        var result = new StringBuilder(bytes.Length);
        int start = 0;
        for (int at = 0; at < content.Length; )
        {
            int width = SpecialWidth(content.AsSpan(at));
            if (width == 0)
            {
                at++;
                continue;
            }

            if (!Append(result, content.AsSpan(start, at - start)))
            {
                return null;
            }

            result.Append(width == 2 ? "\0" : SurrogatePair(content.AsSpan(at)));
            start = at += width;
        }

        return Append(result, content.AsSpan(start)) ? result.ToString() : null;
    }

    private static int SpecialWidth(ReadOnlySpan<byte> rest)
    {
        if (rest is [0xC0, 0x80, ..])
        {
            return 2;
        }

        return rest is [0xED, >= 0xA0 and <= 0xAF, >= 0x80 and <= 0xBF, 0xED, >= 0xB0 and <= 0xBF, >= 0x80 and <= 0xBF, ..] ? 6 : 0;
    }

    private static string SurrogatePair(ReadOnlySpan<byte> rest) =>
        char.ConvertFromUtf32(0x10000 + ((rest[1] & 0x0F) << 16) + ((rest[2] & 0x3F) << 10) + ((rest[4] & 0x0F) << 6) + (rest[5] & 0x3F));

    private static bool Append(StringBuilder result, ReadOnlySpan<byte> content)
    {
        if (!System.Text.Unicode.Utf8.IsValid(content))
        {
            return false;
        }

        result.Append(Strict.GetString(content));
        return true;
    }
}
