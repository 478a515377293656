// Composes the titles of the built-in catalogue.
using System.Globalization;

namespace Duet.Data;

/// <summary>Writes titles from templates: a brand, the words that name labels, and words that mean nothing.</summary>
internal static class SyntheticTitles
{
    // Slots that are no task are drawn from the vocabulary; a task's slot vanishes where the title must not name it.
    private static readonly string[][] Templates =
    [
        ["brand", "gender", "color", "material", "category", "filler"],
        ["brand", "filler", "material", "category", "color", "gender", "model"],
        ["filler", "color", "category", "gender", "material", "brand", "model"],
        ["brand", "model", "material", "color", "category", "filler", "gender"],
        ["gender", "category", "filler", "brand", "color", "filler", "material"],
        ["filler", "filler", "brand", "category", "material", "gender", "color"],
    ];

    /// <summary>A title with the given words.</summary>
    /// <param name="words">The word per task that the title names.</param>
    /// <param name="random">The draws.</param>
    public static string Compose(IReadOnlyDictionary<string, string> words, ref CounterRandom random)
    {
        var title = new List<string>();
        foreach (var slot in Templates[random.Next(Templates.Length)])
        {
            var word = slot switch
            {
                "brand" => SyntheticVocabulary.Brands[random.Next(SyntheticVocabulary.Brands.Length)],
                "filler" => SyntheticVocabulary.Fillers[random.Next(SyntheticVocabulary.Fillers.Length)],
                "model" => ((char)('A' + random.Next(26))) + random.Next(10, 1000).ToString("F0", CultureInfo.InvariantCulture),
                _ => words.GetValueOrDefault(slot),
            };
            if (word is not null)
            {
                title.Add(random.NextDouble() < 0.5 ? char.ToUpperInvariant(word[0]) + word[1..] : word);
            }
        }

        return string.Join(' ', title);
    }
}
