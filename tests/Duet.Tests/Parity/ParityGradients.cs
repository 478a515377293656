// Our gradients under the published names.
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

internal static class ParityGradients
{
    /// <summary>The gradients a module's parameters hold after a backward pass, renamed by a map; parameters without one are left
    /// out.</summary>
    /// <param name="module">The module.</param>
    /// <param name="map">The map that loaded the published weights.</param>
    /// <param name="weights">The published weights.</param>
    public static IReadOnlyDictionary<string, Tensor> Published(Module module, NameMap map, IReadOnlyDictionary<string, Tensor> weights)
    {
        var ours = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, parameter) in module.NamedParameters())
        {
            if (parameter.grad is { } gradient)
            {
                ours[name] = gradient;
            }
        }

        return map.ToPublished(ours, NameMap.ShapesOf(weights));
    }
}
