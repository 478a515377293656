// How unlike the catalogue a product is.
namespace Duet.Metrics.Novelty;

/// <summary>A product's novelty beside its limit.</summary>
/// <param name="Score">The largest of the parts' scores, each as a multiple of what is usual; comparable between products of one input
/// pattern.</param>
/// <param name="Limit">The score above which a product is unlike those that the certificate was made with.</param>
/// <param name="Part">The part with the largest score: <c>picture</c>, <c>text</c> or <c>product</c> (both together, by the joint
/// embedding).</param>
public sealed record NoveltyScore(double Score, double Limit, string Part)
{
    /// <summary>Whether the product is unlike the catalogue.</summary>
    public bool IsOutside => !(Score <= Limit);
}
