// What the pictures and texts of a catalogue are like: shared by the certificates of a calibration.
using System.Text.Json.Serialization;

namespace Duet.Metrics.Novelty;

/// <summary>References for the parts of products; null for a part that no row had.</summary>
public sealed record NoveltyReference
{
    /// <summary>Of <see cref="PictureStatistics"/>.</summary>
    [JsonConverter(typeof(CompactJsonConverter<GaussianReference>))]
    public GaussianReference? Picture { get; init; }

    /// <summary>Of token ids.</summary>
    [JsonConverter(typeof(TextReferenceJson))]
    public TextReference? Text { get; init; }
}

/// <summary>The parts of a product from which its novelty is computed; null for a part that the model did not see.</summary>
/// <param name="Picture"><see cref="PictureStatistics.Of"/>.</param>
/// <param name="Enlargement">How many times the picture was enlarged to the size that the model sees; 1 where it was not.</param>
/// <param name="Text">Token ids with start and end tokens, without padding.</param>
/// <param name="Embedding">The joint embedding, <c>[D]</c>.</param>
public sealed record NoveltyInput(float[]? Picture, double? Enlargement, int[]? Text, float[] Embedding);

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
