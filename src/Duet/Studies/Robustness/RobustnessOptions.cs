// What a sweep covers.
using Duet.Models;

namespace Duet.Studies.Robustness;

/// <summary>The choices of a sweep.</summary>
public sealed record RobustnessOptions
{
    /// <summary>The split; null for the whole table.</summary>
    public string? Split { get; init; }

    /// <summary>The most products, drawn at random with <see cref="Seed"/>; null for all. At least 10.</summary>
    public int? Sample { get; init; }

    /// <summary>The seed of all draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The corruptions; null for all that touch what the model looks at.</summary>
    public IReadOnlyList<CorruptionKind>? Kinds { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        if (Sample is { } sample)
        {
            OptionException.Require(nameof(Sample), sample, 10, 10_000_000, "fewer products measure nothing");
        }
    }
}

/// <summary>The progress of a sweep, reported before every measurement.</summary>
/// <param name="Done">Measurements done.</param>
/// <param name="Total">All measurements.</param>
/// <param name="Name">What is measured now, for instance <c>blur 0.02</c>.</param>
public sealed record RobustnessProgress(int Done, int Total, string Name);
