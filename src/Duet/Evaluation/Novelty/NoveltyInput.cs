// What is looked at of a product to tell whether it is like the catalogue.
namespace Duet.Evaluation.Novelty;

/// <summary>The parts of a product from which its novelty is computed; null for a part that the model did not see.</summary>
/// <param name="Picture"><see cref="PictureStatistics.Of"/>.</param>
/// <param name="Text">Token ids with start and end tokens, without padding.</param>
/// <param name="Embedding">The joint embedding, <c>[D]</c>.</param>
public sealed record NoveltyInput(float[]? Picture, int[]? Text, float[] Embedding);
