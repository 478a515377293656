// From tokens to the words they came from.
namespace Duet.Explanation;

/// <summary>Sums scores of tokens over words.</summary>
internal static class WordScores
{
    /// <summary>One score per word.</summary>
    /// <param name="words">The words.</param>
    /// <param name="tokens">Scores by place in the row of ids; what was cut off has none.</param>
    public static double[] OfTokens(IReadOnlyList<TextUnit> words, double[] tokens) =>
    [
        .. words.Select(word => Enumerable.Range(word.FirstToken, word.TokenCount).Where(place => place < tokens.Length - 1).Sum(place => tokens[place])),
    ];
}
