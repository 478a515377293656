// Two texts tokenized into one row.
namespace Duet.Text;

/// <summary>Two texts as one row of token ids.</summary>
/// <param name="Ids">Token ids, <c>[contextLength]</c>, padded with the tokenizer's padding id.</param>
/// <param name="Types">Token types, <c>[contextLength]</c>: 1 for the second text and its end where the tokenizer has types, else 0.
/// Padding is 0.</param>
/// <param name="Length">How many ids are not padding.</param>
/// <param name="Truncated">Whether a part of the texts did not fit.</param>
public sealed record EncodedPair(int[] Ids, int[] Types, int Length, bool Truncated);
