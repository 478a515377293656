// Everything that was decided for a run.
using Duet.Models;
using Duet.Training;

namespace Duet.Runs;

/// <summary>A run's whole configuration: <c>config.yaml</c>.</summary>
public sealed record RunConfiguration
{
    /// <summary>The newest layout of run folders this program reads and writes.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The layout of the run folder.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The system's name in the registry.</summary>
    public string Model { get; init; } = "cma-clip";

    /// <summary>The preset the options began with.</summary>
    public string Preset { get; init; } = "small";

    /// <summary>The system's settings.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>The table and its columns.</summary>
    public required DataConfiguration Data { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Checks every part.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public void Validate()
    {
        Options.Validate();
        Training.Validate();
    }
}
