// How surprising a text is beside the texts of a reference: the mean surprisal of its tokens.
namespace Duet.Metrics.Novelty;

/// <summary>
/// A bigram model of token ids: P(b | a) = (n(a b) + k P(b)) / (n(a) + k), a Dirichlet prior around P(b) = max(n(b), 1) / (N + V)
/// (MacKay and Peto 1995), N tokens of V kinds. A text's surprisal, the mean of -ln P over its pairs of neighbours, is the score by which
/// language models separates foreign texts from usual ones (Arora, Huang and He 2021, arXiv 2109.06827). Tokens that the reference never
/// had, unknown tokens among them, are the most surprising.
/// </summary>
public sealed class TextReference
{
    /// <summary>The weight of the prior, k: as many imagined neighbours of every token.</summary>
    public const double PriorWeight = 3;

    private readonly Dictionary<int, int> _tokens = [];
    private readonly Dictionary<(int First, int Second), int> _pairs = [];
    private readonly Dictionary<int, int> _firsts = [];
    private long _total;

    /// <summary>The pairs of neighbours with their counts: what the reference is made of.</summary>
    public IEnumerable<(int First, int Second, int Count)> Pairs =>
        _pairs.OrderBy(pair => pair.Key).Select(pair => (pair.Key.First, pair.Key.Second, pair.Value));

    /// <summary>The tokens with their counts, in the order of their ids.</summary>
    public IEnumerable<(int Token, int Count)> Tokens => _tokens.OrderBy(token => token.Key).Select(token => (token.Key, token.Value));

    /// <summary>A reference with these counts.</summary>
    public static TextReference Of(IEnumerable<(int Token, int Count)> tokens, IEnumerable<(int First, int Second, int Count)> pairs)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(pairs);
        var reference = new TextReference();
        foreach (var (token, count) in tokens)
        {
            reference.AddToken(token, count);
        }

        foreach (var (first, second, count) in pairs)
        {
            reference.AddPair(first, second, count);
        }

        return reference;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="text">Its token ids with its start and end tokens, without padding.</param>
    public void Add(ReadOnlySpan<int> text) => Count(text, 1);

    /// <summary>The mean surprisal of a text, in nats.</summary>
    /// <param name="text">Its token ids with its start and end tokens, without padding.</param>
    public double Surprisal(ReadOnlySpan<int> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        double sum = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var prior = Math.Max(_tokens.GetValueOrDefault(text[i]), 1) / (double)Math.Max(1, _total + _tokens.Count);
            sum -= Math.Log(
                (_pairs.GetValueOrDefault((text[i - 1], text[i])) + (PriorWeight * prior))
                    / (_firsts.GetValueOrDefault(text[i - 1]) + PriorWeight)
            );
        }

        return sum / (text.Length - 1);
    }

    /// <summary>The mean surprisal of one of the reference's own texts as if the reference were made of the others.</summary>
    /// <param name="text">A text that was added.</param>
    public double SurprisalOfOwn(ReadOnlySpan<int> text)
    {
        Count(text, -1);
        var surprisal = Surprisal(text);
        Count(text, 1);
        return surprisal;
    }

    private void Count(ReadOnlySpan<int> text, int sign)
    {
        for (var i = 0; i < text.Length; i++)
        {
            AddToken(text[i], sign);
            if (i > 0)
            {
                AddPair(text[i - 1], text[i], sign);
            }
        }
    }

    private void AddToken(int token, int count)
    {
        Add(_tokens, token, count);
        _total += count;
    }

    private void AddPair(int first, int second, int count)
    {
        Add(_pairs, (first, second), count);
        Add(_firsts, first, count);
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int count)
        where TKey : notnull
    {
        var sum = counts.GetValueOrDefault(key) + count;
        if (sum == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = sum;
        }
    }
}
