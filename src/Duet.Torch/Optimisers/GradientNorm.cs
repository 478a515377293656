// The length of all gradients together.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Optimisers;

/// <summary>The global gradient norm, which clipping uses.</summary>
public static class GradientNorm
{
    /// <summary>The Euclidean norm of all gradients as one vector; 0 where there are none.</summary>
    public static double Of(IEnumerable<Tensor> parameters)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var norms = parameters.Select(parameter => parameter.grad).OfType<Tensor>().Select(gradient => gradient.norm()).ToArray();
        return norms.Length == 0 ? 0 : stack(norms).norm().ToNumber();
    }

    /// <summary>The factor that brings a norm down to a limit: 1 where it is below.</summary>
    public static double ClipFactor(double norm, double limit) => norm > limit ? limit / (norm + 1e-6) : 1;
}
