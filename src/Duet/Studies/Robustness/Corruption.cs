// One way to damage products, at one strength.
using Duet.Models;

namespace Duet.Studies.Robustness;

/// <summary>A corruption and its strength.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Strength">How much of it; see <see cref="Unit"/>.</param>
public sealed record Corruption(CorruptionKind Kind, double Strength)
{
    /// <summary>The input that is damaged.</summary>
    public InputModalities Modality => IsOfPicture(Kind) ? InputModalities.Image : InputModalities.Text;

    /// <summary>The name in files and tables, for instance <c>gaussian_noise</c>.</summary>
    public string Name => NameOf(Kind);

    /// <summary>What the strength measures.</summary>
    public string Unit => UnitOf(Kind);

    /// <summary>Whether the pixels are altered, as opposed to the text or to which picture belongs to which product.</summary>
    public bool AltersPixels =>
        Kind is CorruptionKind.GaussianNoise or CorruptionKind.Blur or CorruptionKind.Jpeg or CorruptionKind.Occlusion;

    /// <summary>The strengths of a sweep, mild to strong.</summary>
    public static IReadOnlyList<double> Levels(CorruptionKind kind) =>
        kind switch
        {
            CorruptionKind.GaussianNoise => [0.05, 0.1, 0.2],
            CorruptionKind.Blur => [0.01, 0.02, 0.04],
            CorruptionKind.Jpeg => [50, 20, 5],
            CorruptionKind.Occlusion => [0.1, 0.25, 0.5],
            CorruptionKind.Typos => [0.05, 0.1, 0.2],
            CorruptionKind.WordDrop or CorruptionKind.TruncatedText => [0.25, 0.5, 0.75],
            _ => [0.25, 0.5, 1],
        };

    /// <summary>What a kind's strength measures.</summary>
    public static string UnitOf(CorruptionKind kind) =>
        kind switch
        {
            CorruptionKind.GaussianNoise => "standard deviation as a share of the colour range",
            CorruptionKind.Blur => "standard deviation as a share of the shorter side",
            CorruptionKind.Jpeg => "JPEG quality",
            CorruptionKind.Occlusion => "share of the picture covered",
            CorruptionKind.Typos => "share of letters",
            CorruptionKind.WordDrop => "share of words left out",
            CorruptionKind.WordShuffle => "share of words moved",
            CorruptionKind.TruncatedText => "share of words cut off",
            _ => "share of products",
        };

    /// <summary>Whether a kind damages the picture (otherwise the text).</summary>
    public static bool IsOfPicture(CorruptionKind kind) => kind <= CorruptionKind.MissingPicture;

    /// <summary>A kind's name in files and tables.</summary>
    public static string NameOf(CorruptionKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

/// <summary>A way to damage a product. What the strength means is in <see cref="Corruption.Unit"/>.</summary>
public enum CorruptionKind
{
    /// <summary>Normal noise on every colour value.</summary>
    GaussianNoise,

    /// <summary>A Gaussian blur.</summary>
    Blur,

    /// <summary>JPEG compression at a low quality.</summary>
    Jpeg,

    /// <summary>A grey square over a part of the picture.</summary>
    Occlusion,

    /// <summary>Another product's picture.</summary>
    WrongPicture,

    /// <summary>No picture.</summary>
    MissingPicture,

    /// <summary>Letters left out, doubled, swapped with the next or replaced.</summary>
    Typos,

    /// <summary>Words left out.</summary>
    WordDrop,

    /// <summary>Words in another order.</summary>
    WordShuffle,

    /// <summary>The end of the text cut off.</summary>
    TruncatedText,

    /// <summary>Another product's text.</summary>
    WrongText,

    /// <summary>No text.</summary>
    MissingText,
}
