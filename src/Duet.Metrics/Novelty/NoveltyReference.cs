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
