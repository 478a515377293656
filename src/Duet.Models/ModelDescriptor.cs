// One line of the registry: a system with its presets.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>A system that can be trained by its name.</summary>
/// <param name="Name">The name on the command line, <c>cma-clip</c>.</param>
/// <param name="Title">The name in prose, <c>CMA-CLIP</c>.</param>
/// <param name="Source">The paper or repository it follows.</param>
/// <param name="Presets">Named settings: <c>tiny</c>, <c>small</c> and the published sizes.</param>
/// <param name="OptionsType">The type of its settings.</param>
/// <param name="Create">Builds the model from its settings.</param>
public sealed record ModelDescriptor(
    string Name,
    string Title,
    string Source,
    IReadOnlyDictionary<string, ModelOptions> Presets,
    Type OptionsType,
    Func<ModelOptions, ModelContext, ProductModel> Create
)
{
    /// <summary>Whether the system takes categorical features (<see cref="ModelContext.Features"/>) beside picture and text.</summary>
    public bool TakesFeatures { get; init; }

    /// <summary>The parts that can start from published weights; null for a system that always starts from random ones.</summary>
    public SystemTowers? Towers { get; init; }

    /// <summary>Describes a system whose settings are <typeparamref name="TOptions"/>.</summary>
    public static ModelDescriptor Of<TOptions>(
        string name,
        string title,
        string source,
        IReadOnlyDictionary<string, TOptions> presets,
        Func<TOptions, ModelContext, ProductModel> create
    )
        where TOptions : ModelOptions =>
        new(
            name,
            title,
            source,
            presets.ToDictionary(preset => preset.Key, ModelOptions (preset) => preset.Value, StringComparer.Ordinal),
            typeof(TOptions),
            (options, context) => create((TOptions)options, context)
        );

    /// <summary>The settings of a preset.</summary>
    /// <exception cref="OptionException">There is no such preset; the message lists those there are.</exception>
    public ModelOptions Preset(string name) =>
        Presets.TryGetValue(name, out var options)
            ? options
            : throw new OptionException($"{Name} has no preset '{name}'; there are {string.Join(", ", Presets.Keys)}.");
}
