// The merge loop of byte-pair training, with pair counts kept up to date instead of counted again.
using System.Runtime.InteropServices;

namespace Duet.Text;

/// <summary>Learns merges over counted words. Ties go to the pair with the smaller ids, so the result is deterministic.</summary>
internal sealed class PairLearner
{
    private readonly List<string> _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly List<(int[] Symbols, long Count)> _words;
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> _queue = new();

    /// <summary>Takes the tokens so far, to which merged tokens are added, and the counted words as token ids.</summary>
    public PairLearner(List<string> tokens, List<(int[] Symbols, long Count)> words)
    {
        _tokens = tokens;
        _words = words;
        _ids = VocabularyChecks.Index(tokens);
        for (int word = 0; word < words.Count; word++)
        {
            Count(word, +1, changed: null);
        }

        foreach (var (pair, count) in _counts)
        {
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
    }

    /// <summary>Merges until there are <paramref name="vocabularySize"/> tokens or no pair is frequent enough.</summary>
    /// <param name="vocabularySize">The number of tokens to reach.</param>
    /// <param name="minimumFrequency">The smallest count of a pair that is merged.</param>
    /// <param name="join">The spelling of two joined tokens.</param>
    /// <param name="cancellation">Stops the loop.</param>
    public List<(string Left, string Right)> Learn(
        int vocabularySize,
        int minimumFrequency,
        Func<string, string, string> join,
        CancellationToken cancellation
    )
    {
        var merges = new List<(string, string)>();
        var changed = new HashSet<(int Left, int Right)>();
        while (_tokens.Count < vocabularySize && _queue.TryDequeue(out var pair, out var priority))
        {
            cancellation.ThrowIfCancellationRequested();
            long count = _counts.GetValueOrDefault(pair);
            if (count != -priority.NegativeCount)
            {
                // The count fell since the entry was made; a newer entry with the right count is in the queue.
                continue;
            }

            if (count < minimumFrequency)
            {
                break;
            }

            Merge(pair, IdOf(join(_tokens[pair.Left], _tokens[pair.Right])), changed);
            merges.Add((_tokens[pair.Left], _tokens[pair.Right]));
            foreach (var other in changed)
            {
                if (_counts.TryGetValue(other, out long now) && now > 0)
                {
                    _queue.Enqueue(other, (-now, other.Left, other.Right));
                }
            }

            changed.Clear();
        }

        return merges;
    }

    // Two different pairs may spell the same token; they share one id.
    private int IdOf(string token)
    {
        if (!_ids.TryGetValue(token, out int id))
        {
            id = _tokens.Count;
            _ids.Add(token, id);
            _tokens.Add(token);
        }

        return id;
    }

    private void Merge((int Left, int Right) pair, int merged, HashSet<(int Left, int Right)> changed)
    {
        _places.Remove(pair, out var found);
        foreach (int word in found!)
        {
            Count(word, -1, changed);
            var (symbols, count) = _words[word];
            _words[word] = (Replace(symbols, pair, merged), count);
            Count(word, +1, changed);
        }

        _counts.Remove(pair);
        _places.Remove(pair);
        changed.Remove(pair);
    }

    private static int[] Replace(int[] symbols, (int Left, int Right) pair, int merged)
    {
        var result = new List<int>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            bool here = i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            result.Add(here ? merged : symbols[i]);
            i += here ? 1 : 0;
        }

        return [.. result];
    }

    private void Count(int word, int sign, HashSet<(int Left, int Right)>? changed)
    {
        var (symbols, count) = _words[word];
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += sign * count;
            changed?.Add(pair);
            if (sign > 0)
            {
                ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
                (set ??= []).Add(word);
            }
        }
    }
}
