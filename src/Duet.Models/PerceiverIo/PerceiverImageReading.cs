// The ways in which a Perceiver takes a picture apart.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>How a picture becomes cells (the published <c>prep_type</c>).</summary>
public enum PerceiverImageReading
{
    /// <summary>Every pixel is a cell; with a stride, every stride-th of each row and column.</summary>
    Pixels,

    /// <summary>Square patches, flattened row by row, channels last.</summary>
    Patches,

    /// <summary>A 7x7 convolution of stride 2, batch normalisation, ReLU and a 3x3 maximum of stride 2: a quarter of each side.</summary>
    Convolution,

    /// <summary>A 1x1 convolution, strided.</summary>
    PointConvolution,
}
