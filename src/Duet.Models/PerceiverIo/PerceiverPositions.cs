// How Perceiver IO distinguishes the cells of a picture.
namespace Duet.Models;

/// <summary>The position features of a picture's cells.</summary>
public enum PerceiverPositions
{
    /// <summary>Fixed sines and cosines of the cell's coordinates.</summary>
    Fourier,

    /// <summary>One learned vector per cell.</summary>
    Learned,
}
