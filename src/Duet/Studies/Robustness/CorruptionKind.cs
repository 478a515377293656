// The ways in which a product's picture or text is damaged.
namespace Duet.Studies.Robustness;

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
