// The files of a run and what they hold.
using Duet.Data;
using Duet.Models;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Torch.Safetensors;

namespace Duet.Runs;

/// <summary>
/// A run folder: everything needed to use or continue a model, in formats others can read.
/// <c>config.yaml</c>, <c>model.safetensors</c> (best weights), <c>tokenizer.json</c>, <c>labels.json</c>, <c>features.json</c>,
/// <c>import.json</c>,
/// <c>calibration.json</c>, <c>metrics.jsonl</c>,
/// <c>quarantine.csv</c>, <c>losses.json</c>, <c>checkpoints/</c>.
/// </summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The configuration, <c>config.yaml</c>.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(Path, "config.yaml");

    /// <summary>The best weights, <c>model.safetensors</c>.</summary>
    public string WeightsFile => System.IO.Path.Combine(Path, "model.safetensors");

    /// <summary>The tasks and their classes, <c>labels.json</c>.</summary>
    public string LabelsFile => System.IO.Path.Combine(Path, "labels.json");

    /// <summary>The features and their values, <c>features.json</c>; runs without features have none.</summary>
    public string FeaturesFile => System.IO.Path.Combine(Path, "features.json");

    /// <summary>Corrected probabilities and thresholds, <c>calibration.json</c>; there once <c>duet calibrate</c> has run.</summary>
    public string CalibrationFile => System.IO.Path.Combine(Path, "calibration.json");

    /// <summary>Where an imported run's weights come from, <c>import.json</c>; trained runs have none.</summary>
    public string ImportFile => System.IO.Path.Combine(Path, "import.json");

    /// <summary>One line per epoch, <c>metrics.jsonl</c>.</summary>
    public string MetricsFile => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>Rows and files that could not be used, <c>quarantine.csv</c>.</summary>
    public string QuarantineFile => System.IO.Path.Combine(Path, "quarantine.csv");

    /// <summary>How much of its table training could not use, <c>losses.json</c>; runs of an older Duet have none.</summary>
    public string LossesFile => System.IO.Path.Combine(Path, "losses.json");

    /// <summary>The states a run can be resumed from.</summary>
    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="RunException">The folder is not a run, or is damaged.</exception>
    public RunConfiguration LoadConfiguration() =>
        File.Exists(ConfigurationFile)
            ? RunConfigurationFile.Load(ConfigurationFile)
            : throw new RunException(
                $"{Path} is not a run folder: it has no config.yaml. Train one with `duet train ... --output {Path}`."
            );

    /// <summary>Reads the tasks; an imported run has none.</summary>
    /// <exception cref="TableException">The file is missing or damaged.</exception>
    /// <exception cref="RunException">The folder is not a run, or is damaged.</exception>
    public TaskSchema LoadSchema() =>
        !File.Exists(LabelsFile) && LoadConfiguration().IsImported ? TaskSchema.None : TaskSchema.Load(LabelsFile);

    /// <summary>Reads the features that a run's configuration names.</summary>
    /// <param name="configuration">The run's configuration.</param>
    /// <exception cref="TableException">The file is missing, damaged, or holds other columns than the configuration.</exception>
    public FeatureSchema LoadFeatures(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Data.FeatureColumns is not { Count: > 0 } columns)
        {
            return FeatureSchema.None;
        }

        var features = FeatureSchema.Load(FeaturesFile);
        return features.Features.Select(feature => feature.Column).SequenceEqual(columns, StringComparer.Ordinal)
            ? features
            : throw new TableException(
                $"{FeaturesFile} holds {string.Join(", ", features.Features.Select(feature => feature.Column))}, but "
                    + $"{ConfigurationFile} names the features {string.Join(", ", columns)}; one of them is from another run."
            )
            {
                File = FeaturesFile,
            };
    }

    /// <summary>Reads the tokenizer.</summary>
    public ITokenizer LoadTokenizer() => Tokenizers.Load(Path);

    /// <summary>Builds the model and loads its best weights.</summary>
    /// <exception cref="RunException">The weights are missing or do not fit; the message names the tensor.</exception>
    public ProductModel LoadModel(RunConfiguration configuration, TaskSchema schema, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!File.Exists(WeightsFile))
        {
            throw new RunException(
                $"{Path} has no model.safetensors yet: its training has not finished one epoch. Continue it with `duet train --resume "
                    + $"--output {Path}`."
            );
        }

        var model = ModelRegistry
            .Find(configuration.Model)
            .Create(configuration.Options, ModelContext.From(schema, tokenizer, LoadFeatures(configuration)));
        try
        {
            StateFile.Load(WeightsFile, model);
            return model;
        }
        catch (Exception e) when (e is SafetensorsException or ModuleStateException)
        {
            model.Dispose();
            throw new RunException($"{WeightsFile} does not fit the run's model: {e.Message}", e);
        }
    }
}
