// The contract of tokenizers that know how to put two texts into one row.

namespace Duet.Text;

/// <summary>A tokenizer with a published layout for pairs of texts, as BERT and XLM-RoBERTa have.</summary>
public interface IPairTokenizer : ITokenizer
{
    /// <summary>Lays out two texts in one row. What does not fit is taken from the end of the longer text, token by token, the second when
    /// equal.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="contextLength">The row's length, special ids included; at least the number of special ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The special ids alone do not fit.</exception>
    EncodedPair EncodePair(string first, string second, int contextLength);
}

/// <summary>Two texts as one row of token ids.</summary>
/// <param name="Ids">Token ids, <c>[contextLength]</c>, padded with the tokenizer's padding id.</param>
/// <param name="Types">Token types, <c>[contextLength]</c>: 1 for the second text and its end where the tokenizer has types, else 0.
/// Padding is 0.</param>
/// <param name="Length">How many ids are not padding.</param>
/// <param name="Truncated">Whether a part of the texts did not fit.</param>
public sealed record EncodedPair(int[] Ids, int[] Types, int Length, bool Truncated);
