// All systems of the house.
namespace Duet.Models;

/// <summary>The systems that can be trained, by name. A new system is one file and one line here.</summary>
public static class ModelRegistry
{
    /// <summary>Every system, in the order of the documentation.</summary>
    public static IReadOnlyList<ModelDescriptor> All { get; } =
    [
        CmaClip.Descriptor,
        Clip.Descriptor,
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

    /// <summary>The system of a name.</summary>
    /// <exception cref="OptionException">There is none; the message lists those there are.</exception>
    public static ModelDescriptor Find(string name)
        => All.FirstOrDefault(descriptor => string.Equals(descriptor.Name, name, StringComparison.Ordinal))
        ?? throw new OptionException($"There is no model '{name}'; there are {string.Join(", ", All.Select(descriptor => descriptor.Name))}.");
}
