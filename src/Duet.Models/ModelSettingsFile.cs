// The part of a run's config.yaml that says which model the run holds.
using Duet.Models.Encoders;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Duet.Models;

/// <summary>Reads the system's name and its settings from a run's configuration; the rest of the file is not looked at.</summary>
internal static class ModelSettingsFile
{
    /// <summary>The newest layout of <c>config.yaml</c> that is understood.</summary>
    internal const int CurrentFormatVersion = 3;

    private const long MaxBytes = 1 << 20;

    /// <summary>The file's text.</summary>
    /// <exception cref="RunException">The file is missing, too long, or of a newer layout.</exception>
    internal static string ReadText(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
            {
                throw new RunException($"{path} has {length} bytes; a run's configuration has at most {MaxBytes}.");
            }

            var text = File.ReadAllText(path);
            CheckVersion(path, text);
            return text;
        }
        catch (YamlException e)
        {
            throw Error(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run's configuration cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The system's name and its validated settings.</summary>
    /// <exception cref="RunException">The file is missing, no valid configuration, or of a newer layout.</exception>
    internal static (string Model, ModelOptions Options) Load(string path)
    {
        var text = ReadText(path);
        try
        {
            var document = Deserializer(ignoresOthers: true).Deserialize<ModelPart>(text);
            var options = ToOptions(document.Model, document.Options);
            options.Validate();
            return (document.Model, options);
        }
        catch (YamlException e)
        {
            throw Error(path, e);
        }
        catch (OptionException e)
        {
            throw new RunException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The settings of a system from their untyped YAML.</summary>
    internal static ModelOptions ToOptions(string model, object? options) =>
        (ModelOptions)Deserializer().Deserialize(Serializer().Serialize(options ?? new object()), ModelRegistry.Find(model).OptionsType)!;

    /// <summary>Writes settings as YAML with snake_case keys.</summary>
    internal static ISerializer Serializer() =>
        new SerializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
            .DisableAliases()
            .Build();

    /// <summary>Reads settings from YAML with snake_case keys.</summary>
    internal static IDeserializer Deserializer(bool ignoresOthers = false)
    {
        var builder = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
            .WithTypeMapping<IReadOnlyList<string>, List<string>>()
            .WithTypeMapping<IReadOnlyList<double>, List<double>>()
            .WithTypeMapping<IReadOnlyList<int>, List<int>>()
            .WithTypeMapping<PictureTowerOptions, VisionTransformerOptions>()
            .WithTypeMapping<TextTowerOptions, TextTransformerOptions>()
            .WithTypeDiscriminatingNodeDeserializer(nodes =>
            {
                // Which record a tower's settings are is what its key "tower" says; without one they are those of the usual tower.
                nodes.AddKeyValueTypeDiscriminator<PictureTowerOptions>("tower", TowerChoice.Pictures.Types.ToDictionary());
                nodes.AddKeyValueTypeDiscriminator<TextTowerOptions>("tower", TowerChoice.Texts.Types.ToDictionary());
            });
        return (ignoresOthers ? builder.IgnoreUnmatchedProperties() : builder).Build();
    }

    /// <summary>The error for a configuration that is no valid YAML.</summary>
    internal static RunException Error(string path, YamlException e) =>
        new($"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);

    // Looked at first and alone: a newer layout may hold anything else.
    private static void CheckVersion(string path, string text)
    {
        var version = Deserializer(ignoresOthers: true).Deserialize<VersionPart>(text)?.FormatVersion ?? 0;
        if (version is < 1 or > CurrentFormatVersion)
        {
            throw new RunException(
                $"{path} has format version {version}; this Duet reads versions 1 to {CurrentFormatVersion}. Use the Duet that wrote "
                    + $"the run, or a newer one."
            );
        }
    }

    private sealed class VersionPart
    {
        public int FormatVersion { get; set; }
    }

    private sealed class ModelPart
    {
        public string Model { get; set; } = string.Empty;

        public object? Options { get; set; }
    }
}
