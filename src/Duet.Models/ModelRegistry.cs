// All systems.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The systems that can be trained, by name. A new system is one folder and one line here.</summary>
public static class ModelRegistry
{
    /// <summary>Every system, in the order of the documentation.</summary>
    public static IReadOnlyList<ModelDescriptor> All { get; } =
    [
        CmaClip.Descriptor,
        Clip.Descriptor,
        SigLip.Descriptor,
        CoCa.Descriptor,
        Mmbt.Descriptor,
        VisualBert.Descriptor,
        ImageBert.Descriptor,
        KaleidoBert.Descriptor,
        Bert.Descriptor,
        ResNetClassifier.Descriptor,
        Vit.Descriptor,
        EmbraceNet.Descriptor,
        PerceiverIo.Descriptor,
    ];

    /// <summary>Which systems can start from published weights, and from which, in words.</summary>
    internal static string TowerListing =>
        string.Join(
            "; ",
            All.Where(descriptor => descriptor.Towers is not null)
                .Select(descriptor =>
                    $"{descriptor.Name} takes {string.Join(", ", descriptor.Towers!.Slots.Select(slot => Tower.Of(slot.Tower).Title))}"
                )
        ) + ".";

    /// <summary>Refuses features for a system that has no place for them.</summary>
    /// <param name="model">The system's name.</param>
    /// <param name="columns">The feature columns.</param>
    /// <exception cref="OptionException">There are features and the system takes none; the message names those that do.</exception>
    public static void RequireFeatures(string model, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        OptionException.Require(
            columns.Count == 0 || Find(model).TakesFeatures,
            $"{model} takes pictures and texts only, no feature columns ({string.Join(", ", columns)}). Leave --feature out, or train "
                + $"one of the systems that take them: "
                + $"{string.Join(", ", All.Where(descriptor => descriptor.TakesFeatures).Select(descriptor => descriptor.Name))}."
        );
    }

    /// <summary>The system of a name.</summary>
    /// <exception cref="OptionException">There is none; the message lists those there are.</exception>
    public static ModelDescriptor Find(string name) =>
        All.FirstOrDefault(descriptor => string.Equals(descriptor.Name, name, StringComparison.Ordinal))
        ?? throw new OptionException(
            $"There is no model '{name}'; there are {string.Join(", ", All.Select(descriptor => descriptor.Name))}."
        );
}
