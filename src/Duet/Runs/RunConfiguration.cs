// Everything that was decided for a run.
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Training;

namespace Duet.Runs;

/// <summary>A run's whole configuration: <c>config.yaml</c>.</summary>
public sealed record RunConfiguration
{
    /// <summary>The newest layout of run folders, which this program writes; it reads the older ones as well. 2 added
    /// <see cref="TrainingOptions.NoiseProbability"/>, 3 <see cref="DataConfiguration.SplitRules"/>.</summary>
    public const int CurrentFormatVersion = ModelSettingsFile.CurrentFormatVersion;

    /// <summary>The layout that the run folder was written in.</summary>
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

    /// <summary>
    /// The epochs after which the run had ended and was prolonged, in their order; empty for most runs. From the last of them on the
    /// learning rate warms up again and anneals to the end.
    /// </summary>
    public IReadOnlyList<int> Prolonged { get; init; } = [];

    /// <summary>Whether the run was imported from published weights and never trained on a table: it has towers and no tasks.</summary>
    public bool IsImported => Data.Path.Length == 0 && Training.Pretrained is not null;

    /// <summary>The configuration of a new run that starts from a source: the towers' shapes in its options, and the source's name in the
    /// recipe.</summary>
    /// <param name="source">The source. Call it before the user's own settings are applied.</param>
    /// <exception cref="PretrainedException">The system takes none of the source's towers.</exception>
    public RunConfiguration StartFrom(PretrainedSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return this with
        {
            Options = PretrainedLoader.Configure(Model, Options, source),
            Training = Training with { Pretrained = source.Name },
        };
    }

    /// <summary>Checks every part.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public void Validate()
    {
        Options.Validate();
        ModelRegistry.RequireFeatures(Model, Data.FeatureColumns);
        Training.Validate();
        new LossLimit { MaxLost = Data.MaxLost }.Validate();
        TableEncoding.Find(Data.Encoding);
        OptionException.Require(
            Prolonged.Zip([.. Prolonged.Skip(1), Training.Epochs]).All(pair => pair.First >= 1 && pair.First < pair.Second),
            $"prolonged is {string.Join(", ", Prolonged)}; it must name epochs in their order, all before the run's end "
                + $"({Training.Epochs})."
        );
    }
}
