// Tells the script that a text is written in.
using System.Text;

namespace Duet.Data.Checks;

/// <summary>Scripts by Unicode ranges. A script is not a language: Latin letters are used by hundreds.</summary>
internal static class Scripts
{
    private static readonly (int First, int Last, string Name)[] Ranges =
    [
        (0x0041, 0x024F, "latin"),
        (0x0370, 0x03FF, "greek"),
        (0x0400, 0x052F, "cyrillic"),
        (0x0530, 0x058F, "armenian"),
        (0x0590, 0x05FF, "hebrew"),
        (0x0600, 0x06FF, "arabic"),
        (0x0900, 0x097F, "devanagari"),
        (0x0980, 0x09FF, "bengali"),
        (0x0B80, 0x0BFF, "tamil"),
        (0x0E00, 0x0E7F, "thai"),
        (0x10A0, 0x10FF, "georgian"),
        (0x1100, 0x11FF, "hangul"),
        (0x1E00, 0x1EFF, "latin"),
        (0x1F00, 0x1FFF, "greek"),
        (0x3040, 0x30FF, "kana"),
        (0x3400, 0x9FFF, "han"),
        (0xAC00, 0xD7AF, "hangul"),
        (0xF900, 0xFAFF, "han"),
        (0x20000, 0x2FA1F, "han"),
    ];

    /// <summary>The script of most letters; <c>kana</c> where there is any, as Japanese mixes it with Han; <c>none</c> without
    /// letters.</summary>
    public static string Of(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var rune in text.EnumerateRunes().Where(Rune.IsLetter))
        {
            var name = Array.Find(Ranges, range => rune.Value >= range.First && rune.Value <= range.Last).Name ?? "other";
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        return counts.Count == 0 ? "none"
            : counts.ContainsKey("kana") ? "kana"
            : counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).First().Key;
    }
}
