// Which parameters learn how fast and decay how much.
using Duet.Models;
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>Groups a model's parameters: no decay on biases, norms and embeddings; slower towers; layer-wise decay of the learning
/// rate.</summary>
public static class ParameterGroups
{
    /// <summary>The groups of a model and of the loss's own parameters.</summary>
    public static IReadOnlyList<ParameterGroup> Of(ProductModel model, MultiTaskLoss loss, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(options);
        var all = model
            .NamedParameters()
            .Select(parameter => (Name: $"model.{parameter.Key}", parameter.Value, Scale: Scale(model, parameter.Key, options)))
            .Concat(loss.NamedParameters().Select(parameter => (Name: $"loss.{parameter.Key}", parameter.Value, Scale: 1.0)));
        return
        [
            .. all.GroupBy(parameter => (parameter.Scale, Decays: Decays(parameter.Name, parameter.Value)))
                .Select(group => new ParameterGroup(
                    [.. group.Select(parameter => new KeyValuePair<string, Tensor>(parameter.Name, parameter.Value))],
                    group.Key.Scale,
                    group.Key.Decays ? options.WeightDecay : 0
                )),
        ];
    }

    private static double Scale(ProductModel model, string name, TrainingOptions options) =>
        Math.Pow(options.LayerDecay, model.LayerCount - model.LayerOf(name)) * (model.IsBackbone(name) ? options.BackboneScale() : 1);

    private static bool Decays(string name, Tensor parameter) =>
        parameter.dim() >= 2 && !name.Contains("embedding", StringComparison.Ordinal);
}
