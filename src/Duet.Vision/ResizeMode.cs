// How a picture of any shape becomes a square.
namespace Duet.Vision;

/// <summary>How a picture is brought to the size that is then cropped or padded to a square.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side gets the size, the longer one follows (cut off below the decimal point); then the centre is
    /// cropped. Something at the edges is lost.</summary>
    Shortest,

    /// <summary>The longer side gets the size, the shorter one follows (rounded); then the rest is padded. Nothing is lost.</summary>
    Longest,

    /// <summary>Both sides get the size; shapes are distorted.</summary>
    Squash,

    /// <summary>Not resized, only cropped or padded.</summary>
    None,
}
