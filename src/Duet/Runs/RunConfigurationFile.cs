// Reads and writes config.yaml.
using Duet.Data;
using Duet.Models;
using Duet.Torch.Safetensors;
using Duet.Training;
using YamlDotNet.Core;
using YamlDotNet.Serialization.NamingConventions;
using YamlDotNet.Serialization;

namespace Duet.Runs;

/// <summary>A run's configuration as YAML with snake_case keys.</summary>
public static class RunConfigurationFile
{
    private const long MostBytes = 1 << 20;

    /// <summary>Writes the configuration (temporary file, then rename).</summary>
    public static void Save(RunConfiguration configuration, string path)
    {
        AtomicFile.WriteText(path, "# A Duet run: what was trained, on which table, with which recipe.\n" + ToText(configuration));
    }

    /// <summary>The configuration as YAML.</summary>
    public static string ToText(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Serializer().Serialize(new Document
        {
            FormatVersion = configuration.FormatVersion,
            Model = configuration.Model,
            Preset = configuration.Preset,
            Options = configuration.Options,
            Data = configuration.Data,
            Training = configuration.Training,
            Prolonged = configuration.Prolonged.Count > 0 ? [.. configuration.Prolonged] : null,
        });
    }

    /// <summary>Reads and validates a configuration.</summary>
    /// <exception cref="RunException">The file is missing, no valid configuration, or of a newer layout.</exception>
    public static RunConfiguration Load(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MostBytes)
            {
                throw new RunException($"{path} has {length} bytes; a run's configuration has at most {MostBytes}.");
            }

            var text = File.ReadAllText(path);
            CheckVersion(path, text);
            var document = Deserializer().Deserialize<Document>(text) ?? throw new RunException($"{path} is empty.");
            var descriptor = ModelRegistry.Find(document.Model);
            var options = Deserializer().Deserialize(Serializer().Serialize(document.Options ?? new object()), descriptor.OptionsType);
            var configuration = new RunConfiguration
            {
                FormatVersion = document.FormatVersion,
                Model = document.Model,
                Preset = document.Preset,
                Options = (ModelOptions)options!,
                Data = Upgrade(document.Data, document.FormatVersion),
                Training = Upgrade(document.Training, document.FormatVersion),
                Prolonged = document.Prolonged ?? [],
            };
            configuration.Validate();
            return configuration;
        }
        catch (YamlException e)
        {
            throw new RunException($"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (OptionException e)
        {
            throw new RunException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run's configuration cannot be read: {e.Message}", e);
        }
    }

    // Looked at first and alone: a newer layout may hold anything else.
    private static void CheckVersion(string path, string text)
    {
        var head = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .IgnoreUnmatchedProperties()
            .Build()
            .Deserialize<VersionOnly>(text);
        if (head is null || head.FormatVersion is < 1 or > RunConfiguration.CurrentFormatVersion)
        {
            throw new RunException(
                $"{path} has format version {head?.FormatVersion ?? 0}; this Duet reads versions 1 to {RunConfiguration.CurrentFormatVersion}. " +
                "Use the Duet that wrote the run, or a newer one.");
        }
    }

    // A run that began before a setting was there goes on as it began, whatever the setting's default is now.
    private static TrainingOptions Upgrade(TrainingOptions training, int version) => version < 2 ? training with { NoiseProbability = 0 } : training;

    private static DataConfiguration Upgrade(DataConfiguration data, int version) => version < 3 ? data with { SplitRules = 1 } : data;

    private static ISerializer Serializer() => new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
        .DisableAliases()
        .Build();

    private static IDeserializer Deserializer() => new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
        .WithTypeMapping<IReadOnlyList<string>, List<string>>()
        .WithTypeMapping<IReadOnlyList<double>, List<double>>()
        .WithTypeMapping<IReadOnlyList<int>, List<int>>()
        .Build();

    private sealed class VersionOnly
    {
        public int FormatVersion { get; set; }
    }

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
