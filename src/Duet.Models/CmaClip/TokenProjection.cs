// How the towers' tokens get one width.
namespace Duet.Models;

/// <summary>How picture and text tokens of different widths become one sequence.</summary>
public enum TokenProjection
{
    /// <summary>CLIP's own projections into the joint space, applied at every position: no new parameters.</summary>
    Clip,

    /// <summary>Two new linear layers.</summary>
    Linear,
}
