// Layer normalisation with scale and shift.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450).</summary>
public sealed class LayerNorm : Module
{
    private readonly double _epsilon;

    /// <summary>Creates the normalisation of <c>[..., width]</c>.</summary>
    public LayerNorm(long width, double epsilon = 1e-5)
    {
        _epsilon = epsilon;
        Weight = AddParameter("weight", ones([width]));
        Bias = AddParameter("bias", zeros([width]));
    }

    /// <summary>The scale, <c>[width]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary>The shift, <c>[width]</c>.</summary>
    public Tensor Bias { get; }

    /// <summary><c>[..., width] -> [..., width]</c>.</summary>
    public Tensor Forward(Tensor input) => Functional.LayerNorm(input, Weight, Bias, _epsilon);
}
