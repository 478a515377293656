// The ways of resampling.
namespace Duet.Vision;

/// <summary>How a picture is resampled. All but <see cref="Nearest"/> widen their filter when shrinking, so that nothing is
/// skipped (anti-aliasing).</summary>
public enum Interpolation
{
    /// <summary>The pixel under the centre.</summary>
    Nearest,

    /// <summary>The plain mean under the output pixel.</summary>
    Box,

    /// <summary>A triangle, support 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
}
