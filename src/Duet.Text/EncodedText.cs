// One tokenized text, padded to the context length.
namespace Duet.Text;

/// <summary>One text as a row of token ids.</summary>
/// <param name="Ids">Token ids, <c>[contextLength]</c>, padded with the tokenizer's padding id.</param>
/// <param name="Length">How many of them are not padding (start and end ids included). The end id is at <c>Length - 1</c>.</param>
/// <param name="Truncated">Whether a part of the text did not fit.</param>
public sealed record EncodedText(int[] Ids, int Length, bool Truncated);
