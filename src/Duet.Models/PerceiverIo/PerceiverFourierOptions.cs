// The settings of Fourier position features.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>Fourier features of grid positions (Perceiver, arXiv 2103.03206).</summary>
/// <param name="Bands">Number K of frequencies per dimension, at least 1.</param>
/// <param name="MaximumResolution">
/// The resolution per dimension whose half (the Nyquist frequency) is the highest frequency: bands are spread evenly from 1 to half of it.
/// </param>
public sealed record PerceiverFourierOptions(int Bands, IReadOnlyList<long> MaximumResolution)
{
    /// <summary>Whether the raw coordinates come before the sines.</summary>
    public bool IncludePositions { get; init; } = true;

    /// <summary>Whether the cosines are left out.</summary>
    public bool SineOnly { get; init; }

    /// <summary>Channels of one position: <c>d K</c> sines, as many cosines, and d coordinates.</summary>
    public long Channels => MaximumResolution.Count * (((SineOnly ? 1L : 2L) * Bands) + (IncludePositions ? 1 : 0));
}
