// What is explained and how thoroughly.
using Duet.Models;

namespace Duet.Explanation;

/// <summary>The choices of an explanation.</summary>
public sealed record ExplanationOptions
{
    /// <summary>The task; null for all.</summary>
    public string? Task { get; init; }

    /// <summary>The methods; null for all that the system has.</summary>
    public IReadOnlyList<ExplanationMethod>? Methods { get; init; }

    /// <summary>The block whose attention is shown, counted from 0; null for the last.</summary>
    public int? Layer { get; init; }

    /// <summary>Rows and columns of the picture's cells; null for the system's own patches where these are 4 to 14 along a side, else 7.
    /// From 2 to 32.</summary>
    public int? Grid { get; init; }

    /// <summary>Points along the line of integrated gradients, 8 to 1000.</summary>
    public int IntegrationSteps { get; init; } = 64;

    /// <summary>Random orders that deletion and insertion are compared with, 2 to 1000; 0 leaves faithfulness out.</summary>
    public int RandomOrders { get; init; } = 8;

    /// <summary>The most points of a deletion or insertion curve, 2 to 1000.</summary>
    public int CurvePoints { get; init; } = 12;

    /// <summary>Whether attention is asked as well which patches each word looks at.</summary>
    public bool WordMaps { get; init; } = true;

    /// <summary>The seed of the random orders.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        OptionException.Require(nameof(Grid), Grid ?? 7, 2, 32, "one cell explains nothing, and very small ones change nothing");
        OptionException.Require(nameof(IntegrationSteps), IntegrationSteps, 8, 1000, "fewer miss the integral");
        OptionException.Require(
            RandomOrders == 0 || RandomOrders is >= 2 and <= 1000,
            $"{nameof(RandomOrders)} is {RandomOrders}; it must be 0, or between 2 and 1000: a mean needs at least two orders."
        );
        OptionException.Require(nameof(CurvePoints), CurvePoints, 2, 1000, "a curve has two ends");
        OptionException.Require(nameof(Layer), Layer ?? 0, 0, 1000, "blocks are counted from 0");
    }
}
