// What is examined of a product to decide whether it is like the catalog.
namespace Duet.Metrics.Novelty;

/// <summary>The parts of a product from which its novelty is computed; null for a part that the model did not see.</summary>
/// <param name="Picture"><see cref="PictureStatistics.Of"/>.</param>
/// <param name="Enlargement">How many times the picture was enlarged to the size that the model sees; 1 where it was not.</param>
/// <param name="Text">Token ids with start and end tokens, without padding.</param>
/// <param name="Embedding">The joint embedding, <c>[D]</c>.</param>
public sealed record NoveltyInput(float[]? Picture, double? Enlargement, int[]? Text, float[] Embedding);
