// The merge loop of byte-pair training, with pair counts kept up to date instead of counted again.
using System.Runtime.InteropServices;

namespace Duet.Text;

/// <summary>Learns merges over counted words. Ties go to the pair with the smaller ids, so the result is deterministic.</summary>
internal sealed class PairLearner
{
    private readonly List<string> tokens;
    private readonly Dictionary<string, int> ids;
    private readonly List<(int[] Symbols, long Count)> words;
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> queue = new();

    /// <summary>Takes the tokens so far, to which merged tokens are added, and the counted words as token ids.</summary>
    public PairLearner(List<string> tokens, List<(int[] Symbols, long Count)> words)
    {
        this.tokens = tokens;
        this.words = words;
        ids = VocabularyChecks.Index(tokens);
        for (int word = 0; word < words.Count; word++)
        {
            Count(word, +1, changed: null);
        }

        foreach (var (pair, count) in counts)
        {
            queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
    }

    /// <summary>Merges until there are <paramref name="vocabularySize"/> tokens or no pair is frequent enough.</summary>
    /// <param name="vocabularySize">The number of tokens to reach.</param>
    /// <param name="minimumFrequency">The smallest count of a pair that is merged.</param>
    /// <param name="join">The spelling of two joined tokens.</param>
    /// <param name="cancellation">Stops the loop.</param>
    public List<(string Left, string Right)> Learn(
        int vocabularySize, int minimumFrequency, Func<string, string, string> join, CancellationToken cancellation)
    {
        var merges = new List<(string, string)>();
        var changed = new HashSet<(int Left, int Right)>();
        while (tokens.Count < vocabularySize && queue.TryDequeue(out var pair, out var priority))
        {
            cancellation.ThrowIfCancellationRequested();
            long count = counts.GetValueOrDefault(pair);
            if (count != -priority.NegativeCount)
            {
                // The count fell since the entry was made; a newer entry with the right count is in the queue.
                continue;
            }

            if (count < minimumFrequency)
            {
                break;
            }

            Merge(pair, IdOf(join(tokens[pair.Left], tokens[pair.Right])), changed);
            merges.Add((tokens[pair.Left], tokens[pair.Right]));
            foreach (var other in changed)
            {
                if (counts.TryGetValue(other, out long now) && now > 0)
                {
                    queue.Enqueue(other, (-now, other.Left, other.Right));
                }
            }

            changed.Clear();
        }

        return merges;
    }

    // Two different pairs may spell the same token; they share one id.
    private int IdOf(string token)
    {
        if (!ids.TryGetValue(token, out int id))
        {
            id = tokens.Count;
            ids.Add(token, id);
            tokens.Add(token);
        }

        return id;
    }

    private void Merge((int Left, int Right) pair, int merged, HashSet<(int Left, int Right)> changed)
    {
        places.Remove(pair, out var found);
        foreach (int word in found!)
        {
            Count(word, -1, changed);
            var (symbols, count) = words[word];
            words[word] = (Replace(symbols, pair, merged), count);
            Count(word, +1, changed);
        }

        counts.Remove(pair);
        places.Remove(pair);
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
        var (symbols, count) = words[word];
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += sign * count;
            changed?.Add(pair);
            if (sign > 0)
            {
                ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(places, pair, out _);
                (set ??= []).Add(word);
            }
        }
    }
}
