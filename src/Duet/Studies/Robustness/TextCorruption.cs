// Spoils a product's text.
using System.Text;
using Duet.Data;

namespace Duet.Studies.Robustness;

/// <summary>Typing errors, lost, moved and cut words. Words are what is between white space; at least one always stays.</summary>
public static class TextCorruption
{
    /// <summary>A damaged text; the original where the corruption is none of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="corruption">What to do.</param>
    /// <param name="random">The product's own draws.</param>
    public static string Apply(string text, Corruption corruption, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(corruption);
        return corruption.Kind switch
        {
            CorruptionKind.Typos => Mistype(text, corruption.Strength, ref random),
            CorruptionKind.WordDrop => Drop(Words(text), corruption.Strength, ref random),
            CorruptionKind.WordShuffle => Move(Words(text), corruption.Strength, ref random),
            CorruptionKind.TruncatedText => Cut(Words(text), corruption.Strength),
            _ => text,
        };
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // The same number of draws per letter at every strength, so that a stronger corruption adds errors to those of a weaker one.
    private static string Mistype(string text, double share, ref CounterRandom random)
    {
        var runes = text.EnumerateRunes().ToArray();
        var letters = runes.Where(Rune.IsLetter).Distinct().ToArray();
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < runes.Length; i++)
        {
            var (drawn, how, which) = (random.NextDouble(), random.Next(4), random.NextDouble());
            if (!Rune.IsLetter(runes[i]) || drawn >= share)
            {
                result.Append(runes[i]);
            }
            else if (how == 0 && i + 1 < runes.Length && Rune.IsLetter(runes[i + 1]))
            {
                result.Append(runes[i + 1]).Append(runes[i]);
                i++;
            }
            else if (how == 1)
            {
                result.Append(runes[i]).Append(runes[i]);
            }
            else if (how == 2)
            {
                result.Append(letters[(int)(which * letters.Length)]);
            }
        }

        return result.ToString();
    }

    private static string Drop(string[] words, double share, ref CounterRandom random)
    {
        if (words.Length == 0)
        {
            return string.Empty;
        }

        var draws = new double[words.Length];
        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] = random.NextDouble();
        }

        var kept = words.Where((_, i) => draws[i] >= share).ToArray();
        return kept.Length > 0 ? string.Join(' ', kept) : words[Array.IndexOf(draws, draws.Max())];
    }

    private static string Move(string[] words, double share, ref CounterRandom random)
    {
        var places = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            if (random.NextDouble() < share)
            {
                places.Add(i);
            }
        }

        int[] order = [.. places];
        random.Shuffle<int>(order);
        var moved = (string[])words.Clone();
        for (var i = 0; i < order.Length; i++)
        {
            moved[places[i]] = words[order[i]];
        }

        return string.Join(' ', moved);
    }

    private static string Cut(string[] words, double share) =>
        string.Join(' ', words.Take(Math.Max(1, (int)Math.Round(words.Length * (1 - share)))));
}
