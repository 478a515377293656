// Learns a WordPiece vocabulary from texts.
using System.Runtime.InteropServices;
using System.Text;

namespace Duet.Text;

/// <summary>
/// Trains a WordPiece vocabulary by merging frequent pairs, as Hugging Face's trainer does (Google's own was never published). The
/// vocabulary is the five special tokens, the characters, and one token per merge. The result does not depend on the order of the texts.
/// </summary>
public static class WordPieceTrainer
{
    /// <summary>Trains a vocabulary.</summary>
    /// <param name="texts">The training texts; read once.</param>
    /// <param name="options">What vocabulary to make; the defaults where null.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public static WordPiece Train(
        IEnumerable<string> texts,
        WordPieceTrainerOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new WordPieceTrainerOptions();
        options.Validate();
        var words = CountWords(texts, options.Text, cancellation);
        var text = options.Text;
        List<string> tokens = [text.PaddingToken, text.UnknownToken, text.StartToken, text.EndToken, text.MaskToken];
        var symbols = ToSymbols(words, tokens, options);
        int prefix = text.ContinuationPrefix.Length;
        var learner = new PairLearner(tokens, symbols);
        _ = learner.Learn(options.VocabularySize, options.MinimumPairFrequency, (left, right) => left + right[prefix..], cancellation);
        return new WordPiece(tokens, text);
    }

    private static List<(string Word, long Count)> CountWords(
        IEnumerable<string> texts,
        WordPieceOptions options,
        CancellationToken cancellation
    )
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (string word in BertWords.Split(text, options))
            {
                if (word.Length <= options.LongestWord)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
                }
            }
        }

        return [.. counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value))];
    }

    private static List<(int[] Symbols, long Count)> ToSymbols(
        List<(string Word, long Count)> words,
        List<string> tokens,
        WordPieceTrainerOptions options
    )
    {
        var alphabet = Alphabet(words, options.AlphabetSize);
        var ids = VocabularyChecks.Index(tokens);
        var result = new List<(int[], long)>(words.Count);
        foreach (var (word, count) in words)
        {
            var runes = word.EnumerateRunes().ToList();
            if (runes.TrueForAll(alphabet.Contains))
            {
                result.Add(
                    ([.. runes.Select((rune, i) => IdOf(i == 0 ? rune.ToString() : options.Text.ContinuationPrefix + rune))], count)
                );
            }
        }

        return result;

        int IdOf(string symbol)
        {
            if (!ids.TryGetValue(symbol, out int id))
            {
                id = tokens.Count;
                ids.Add(symbol, id);
                tokens.Add(symbol);
            }

            return id;
        }
    }

    private static HashSet<Rune> Alphabet(List<(string Word, long Count)> words, int size)
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune, out _) += count;
            }
        }

        return [.. counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Take(size).Select(entry => entry.Key)];
    }
}
