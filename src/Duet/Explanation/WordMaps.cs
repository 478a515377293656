// Which patches each word looks at.
namespace Duet.Explanation;

/// <summary>Attention from words to patches: one map per word, in the order of the words. Not a matter of any one task.</summary>
/// <param name="Method"><see cref="ExplanationMethod.Attention"/> of one block, or <see cref="ExplanationMethod.Rollout"/>.</param>
/// <param name="Layer">The block, counted from 0; null for rollout.</param>
/// <param name="Maps">The maps; null for words that the model does not read.</param>
public sealed record WordMaps(ExplanationMethod Method, int? Layer, IReadOnlyList<PatchGrid?> Maps);
