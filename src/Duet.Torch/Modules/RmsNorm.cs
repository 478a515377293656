// Root-mean-square normalisation: scale only, no mean, no shift.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// Root-mean-square normalisation over the last dimension (Zhang and Sennrich, arXiv 1910.07467): <c>w x / sqrt(mean(x^2) + epsilon)</c>.
/// Computed in float32 whatever the input's type.
/// </summary>
public sealed class RmsNorm : Module
{
    private readonly double _epsilon;

    /// <summary>Creates the normalisation of <c>[..., width]</c>.</summary>
    /// <param name="width">Size of the last dimension.</param>
    /// <param name="epsilon">Added to the mean of squares.</param>
    public RmsNorm(long width, double epsilon = 1e-6)
    {
        _epsilon = epsilon;
        Weight = AddParameter("weight", ones([width]));
    }

    /// <summary>The scale, <c>[width]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[..., width] -> [..., width]</c> float32.</summary>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var full = input.to(ScalarType.Float32);
        return full * ((full * full).mean([-1], keepdim: true).Plus(_epsilon)).rsqrt() * Weight;
    }
}
