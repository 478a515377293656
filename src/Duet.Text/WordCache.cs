// Remembers the tokens of words: a catalogue uses the same few words again and again.
using System.Collections.Concurrent;

namespace Duet.Text;

/// <summary>A bounded, thread-safe memory of words already encoded.</summary>
/// <param name="encode">Encodes a word that is not known yet.</param>
internal sealed class WordCache(Func<string, int[]> encode)
{
    private const int LargestCount = 1 << 17;
    private const int LongestWord = 64;

    private readonly ConcurrentDictionary<string, int[]> _known = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The tokens of a word.</summary>
    public int[] Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > LongestWord)
        {
            return encode(word.ToString());
        }

        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int[]? tokens))
        {
            return tokens;
        }

        string text = word.ToString();
        tokens = encode(text);
        if (Volatile.Read(ref _count) < LargestCount && _known.TryAdd(text, tokens))
        {
            Interlocked.Increment(ref _count);
        }

        return tokens;
    }
}
