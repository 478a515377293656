// Ranked pair merges: the byte-pair encoding of one word.
namespace Duet.Text;

/// <summary>The merges of a byte-pair vocabulary, by pair of token ids.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<long, (int Rank, int Merged)> _merges;

    /// <summary>Takes the merges in rank order: left id, right id, id of the two joined. The first of two equal pairs counts.</summary>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> ranked)
    {
        _merges = new Dictionary<long, (int, int)>(ranked.Count);
        for (int rank = 0; rank < ranked.Count; rank++)
        {
            _merges.TryAdd(Pair(ranked[rank].Left, ranked[rank].Right), (rank, ranked[rank].Merged));
        }
    }

    /// <summary>
    /// Merges the lowest-ranked pair everywhere from left to right, again and again until no known pair is left.
    /// Costs n log n for n symbols, so a long hostile word stays cheap.
    /// </summary>
    public int[] Apply(int[] symbols)
    {
        if (symbols.Length < 2)
        {
            return symbols;
        }

        var word = new LinkedSymbols(symbols);
        var queue = new PriorityQueue<(int Position, int Left, int Right), (int Rank, int Position)>();
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(queue, word, i);
        }

        var round = new List<(int Position, int Left, int Right)>();
        while (queue.TryPeek(out _, out var lowest))
        {
            // One round takes every place where the pair is now: places that arise in it wait for the next.
            round.Clear();
            while (queue.TryPeek(out var place, out var priority) && priority.Rank == lowest.Rank)
            {
                queue.Dequeue();
                round.Add(place);
            }

            foreach (var (position, left, right) in round)
            {
                if (word.Holds(position, left, right))
                {
                    word.Join(position, _merges[Pair(left, right)].Merged);
                    Offer(queue, word, word.Previous(position));
                    Offer(queue, word, position);
                }
            }
        }

        return word.ToArray();
    }

    private void Offer(PriorityQueue<(int Position, int Left, int Right), (int Rank, int Position)> queue, LinkedSymbols word, int position)
    {
        if (position >= 0 && word.TryPair(position, out int left, out int right) && _merges.TryGetValue(Pair(left, right), out var merge))
        {
            queue.Enqueue((position, left, right), (merge.Rank, position));
        }
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private sealed class LinkedSymbols
    {
        private readonly int[] _symbols;
        private readonly int[] _next;
        private readonly int[] _previous;
        private int _count;

        public LinkedSymbols(int[] word)
        {
            _symbols = [.. word];
            _next = new int[word.Length];
            _previous = new int[word.Length];
            _count = word.Length;
            for (int i = 0; i < word.Length; i++)
            {
                _next[i] = i + 1 < word.Length ? i + 1 : -1;
                _previous[i] = i - 1;
            }
        }

        public int Previous(int position) => _previous[position];

        public bool TryPair(int position, out int left, out int right)
        {
            left = _symbols[position];
            int following = _next[position];
            right = following < 0 ? -1 : _symbols[following];
            return left >= 0 && right >= 0;
        }

        public bool Holds(int position, int left, int right) => TryPair(position, out int l, out int r) && l == left && r == right;

        public void Join(int position, int merged)
        {
            int gone = _next[position];
            _symbols[position] = merged;
            _symbols[gone] = -1;
            _next[position] = _next[gone];
            if (_next[gone] >= 0)
            {
                _previous[_next[gone]] = position;
            }

            _count--;
        }

        public int[] ToArray()
        {
            int[] result = new int[_count];
            for (int i = 0, at = 0; at >= 0; at = _next[at])
            {
                result[i++] = _symbols[at];
            }

            return result;
        }
    }
}
