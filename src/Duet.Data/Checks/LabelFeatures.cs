// Cheap features of products, for finding labels that do not fit.
namespace Duet.Data.Checks;

/// <summary>Hashed words and word pairs of the text (TF-IDF, unit length) and small versions of the picture (standardised, unit length on
/// average).</summary>
internal sealed class LabelFeatures
{
    private const int TextBits = 15;
    private const int MaxWords = 256;

    private readonly (int Feature, float Value)[][] _texts;
    private readonly float[][] _pictures;

    /// <summary>Computes the features of all products.</summary>
    /// <param name="normalizedTexts">The texts in lower case with single spaces.</param>
    /// <param name="prints">Per product its picture, or null.</param>
    public LabelFeatures(IReadOnlyList<string> normalizedTexts, IReadOnlyList<PictureFingerprint?> prints)
    {
        _texts = Weigh([.. normalizedTexts.Select(Count)]);
        _pictures = Standardize([.. prints.Select(print => print is null ? [] : Raw(print))]);
        PictureWidth = _pictures.FirstOrDefault(picture => picture.Length > 0)?.Length ?? 0;
    }

    /// <summary>Number of text features.</summary>
    public static int TextWidth => 1 << TextBits;

    /// <summary>Whether any product has words.</summary>
    public bool HasText => Array.Exists(_texts, text => text.Length > 0);

    /// <summary>Number of picture features; 0 where no product has a picture.</summary>
    public int PictureWidth { get; }

    /// <summary>A product's text features that are not 0.</summary>
    public ReadOnlySpan<(int Feature, float Value)> Text(int product) => _texts[product];

    /// <summary>A product's picture features; empty without a picture.</summary>
    public ReadOnlySpan<float> Picture(int product) => _pictures[product];

    private static Dictionary<int, float> Count(string text)
    {
        var counts = new Dictionary<int, float>();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < Math.Min(words.Length, MaxWords); i++)
        {
            Add(Hash(words[i]));
            if (i > 0)
            {
                Add(Hash(words[i - 1] + " " + words[i]));
            }
        }

        return counts;

        void Add(int feature) => counts[feature] = counts.GetValueOrDefault(feature) + 1;
    }

    // FNV-1a: the same in every process, which string.GetHashCode is not.
    private static int Hash(string word)
    {
        var hash = 2166136261u;
        foreach (var letter in word)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)((hash ^ (hash >> TextBits)) & (TextWidth - 1));
    }

    private static (int, float)[][] Weigh(Dictionary<int, float>[] counts)
    {
        var documents = new int[TextWidth];
        foreach (var feature in counts.SelectMany(count => count.Keys))
        {
            documents[feature]++;
        }

        return
        [
            .. counts.Select(count =>
            {
                var weighed = count
                    .Where(pair => documents[pair.Key] > 1)
                    .Select(pair =>
                        (pair.Key, Value: (1 + MathF.Log(pair.Value)) * (1 + MathF.Log((1f + counts.Length) / (1 + documents[pair.Key]))))
                    )
                    .ToArray();
                var length = MathF.Sqrt(weighed.Sum(pair => pair.Value * pair.Value));
                return Array.ConvertAll(weighed, pair => (pair.Key, pair.Value / Math.Max(length, 1e-6f)));
            }),
        ];
    }

    // Small colours, coarse greys, edges and texture.
    private static float[] Raw(PictureFingerprint print)
    {
        var raw = new List<float>(print.Color.Length + print.Edges.Length + print.Texture.Length + (print.Grey.Length / 4));
        raw.AddRange(print.Color.Select(value => value / 255f));
        raw.AddRange(print.Edges);
        raw.AddRange(print.Texture);
        const int Side = PictureFingerprint.GreySide;
        for (var y = 0; y < Side; y += 2)
        {
            for (var x = 0; x < Side; x += 2)
            {
                raw.Add(
                    (
                        print.Grey[(y * Side) + x]
                        + print.Grey[(y * Side) + x + 1]
                        + print.Grey[((y + 1) * Side) + x]
                        + print.Grey[((y + 1) * Side) + x + 1]
                    ) / 1020f
                );
            }
        }

        return [.. raw];
    }

    private static float[][] Standardize(float[][] raw)
    {
        var there = Array.FindAll(raw, picture => picture.Length > 0);
        if (there.Length == 0)
        {
            return raw;
        }

        var width = there[0].Length;
        for (var feature = 0; feature < width; feature++)
        {
            var mean = there.Average(picture => (double)picture[feature]);
            var spread = Math.Sqrt(there.Average(picture => (picture[feature] - mean) * (picture[feature] - mean)));
            foreach (var picture in there)
            {
                picture[feature] = spread < 1e-6 ? 0 : (float)((picture[feature] - mean) / (spread * Math.Sqrt(width)));
            }
        }

        return raw;
    }
}
