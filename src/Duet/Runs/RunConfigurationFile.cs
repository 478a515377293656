// Reads and writes config.yaml.
using Duet.Data;
using Duet.Models;
using Duet.Torch.Safetensors;
using Duet.Training;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Duet.Runs;

/// <summary>A run's configuration as YAML with snake_case keys.</summary>
public static class RunConfigurationFile
{
    /// <summary>Writes the configuration (temporary file, then rename).</summary>
    public static void Save(RunConfiguration configuration, string path)
    {
        AtomicFile.WriteText(path, "# A Duet run: what was trained, on which table, with which recipe.\n" + ToText(configuration));
    }

    /// <summary>The configuration as YAML.</summary>
    public static string ToText(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return ModelSettingsFile
            .Serializer()
            .Serialize(
                new Document
                {
                    FormatVersion = configuration.FormatVersion,
                    Model = configuration.Model,
                    Preset = configuration.Preset,
                    Options = configuration.Options,
                    Data = configuration.Data,
                    Training = configuration.Training,
                    Prolonged = configuration.Prolonged.Count > 0 ? [.. configuration.Prolonged] : null,
                }
            );
    }

    /// <summary>Reads and validates a configuration.</summary>
    /// <exception cref="RunException">The file is missing, no valid configuration, or of a newer layout.</exception>
    public static RunConfiguration Load(string path)
    {
        var text = ModelSettingsFile.ReadText(path);
        try
        {
            var document = ModelSettingsFile.Deserializer().Deserialize<Document>(text) ?? throw new RunException($"{path} is empty.");
            var configuration = new RunConfiguration
            {
                FormatVersion = document.FormatVersion,
                Model = document.Model,
                Preset = document.Preset,
                Options = ModelSettingsFile.ToOptions(document.Model, document.Options),
                Data = Upgrade(document.Data, document.FormatVersion),
                Training = Upgrade(document.Training, document.FormatVersion),
                Prolonged = document.Prolonged ?? [],
            };
            configuration.Validate();
            return configuration;
        }
        catch (YamlException e)
        {
            throw ModelSettingsFile.Error(path, e);
        }
        catch (OptionException e)
        {
            throw new RunException($"{path}: {e.Message}", e);
        }
    }

    // A run that began before a setting was there continues as it began, whatever the setting's default is now.
    private static TrainingOptions Upgrade(TrainingOptions training, int version) =>
        version < 2 ? training with { NoiseProbability = 0 } : training;

    private static DataConfiguration Upgrade(DataConfiguration data, int version) => version < 3 ? data with { SplitRules = 1 } : data;

    private sealed class Document
    {
        public int FormatVersion { get; set; }

        public string Model { get; set; } = string.Empty;

        public string Preset { get; set; } = string.Empty;

        public object? Options { get; set; }

        public DataConfiguration Data { get; set; } = new();

        public TrainingOptions Training { get; set; } = new();

        // Left out of all other runs, so that older versions read them.
        [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitNull)]
        public List<int>? Prolonged { get; set; }
    }
}
