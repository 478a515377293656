// Learns a byte-level BPE vocabulary from texts.
using System.Runtime.InteropServices;
using System.Text;
using Duet.Text.Cleaning;

namespace Duet.Text;

/// <summary>
/// Byte-pair encoding of Sennrich et al. (2016) over bytes, in CLIP's vocabulary order: texts are cleaned and cut as for encoding, distinct
/// words are counted, then the most frequent pair is merged again and again. The result depends on the texts' word counts only, not on
/// their order.
/// </summary>
public static class BpeTrainer
{
    /// <summary>Trains a vocabulary.</summary>
    /// <param name="texts">The training texts; read once.</param>
    /// <param name="options">What vocabulary to make; the defaults where null.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public static ClipBpe Train(IEnumerable<string> texts, BpeTrainerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new BpeTrainerOptions();
        options.Validate();
        var counts = CountWords(texts, options.LongestWord, cancellation);
        var tokens = new List<string>(options.VocabularySize);
        tokens.AddRange(ByteLevelAlphabet.VocabularyOrder.Select(symbol => symbol.ToString()));
        tokens.AddRange(ByteLevelAlphabet.VocabularyOrder.Select(symbol => symbol + ClipBpe.EndOfWord));
        var learner = new PairLearner(tokens, ToSymbols(counts, tokens));
        var merges = learner.Learn(options.VocabularySize - 2, options.MinimumPairFrequency, (left, right) => left + right, cancellation);
        tokens.Add(ClipBpe.StartToken);
        tokens.Add(ClipBpe.EndToken);
        return new ClipBpe(tokens, merges);
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, int longest, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            var words = new ClipWords(ClipCleaner.Clean(text));
            while (words.MoveNext())
            {
                if (!words.IsSpecial && words.Current.Length <= longest && Encoding.UTF8.GetByteCount(words.Current) <= longest)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, words.Current, out _)++;
                }
            }
        }

        return counts;
    }

    private static List<(int[] Symbols, long Count)> ToSymbols(Dictionary<string, long> counts, List<string> tokens)
    {
        var ids = VocabularyChecks.Index(tokens);
        var words = new List<(int[], long)>(counts.Count);
        foreach (var (word, count) in counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(word);
            int[] symbols = new int[bytes.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                string symbol = ByteLevelAlphabet.ToChar(bytes[i]).ToString();
                symbols[i] = ids[i + 1 < bytes.Length ? symbol : symbol + ClipBpe.EndOfWord];
            }

            words.Add((symbols, count));
        }

        return words;
    }
}
