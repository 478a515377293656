// From tokens to the words they came from.
namespace Duet.Explanation;

/// <summary>Sums scores of tokens over words.</summary>
internal static class WordScores
{
    /// <summary>One score per word.</summary>
    /// <param name="words">The words.</param>
    /// <param name="tokens">Per piece of the text the scores by place in the row of ids; what was cut off has none.</param>
    public static double[] OfTokens(IReadOnlyList<TextUnit> words, IReadOnlyList<double[]> tokens) =>
        [
            .. words.Select(word =>
                word.Places.Where(token => token.Place < tokens[token.Piece].Length - 1).Sum(token => tokens[token.Piece][token.Place])
            ),
        ];
}
