// The linear map.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary><c>x W^T + b</c>. Weights start from N(0, 0.02) as in the transformers implemented here, biases at zero.</summary>
public sealed class Linear : Module
{
    /// <summary>Creates the map <c>[..., inputs] -> [..., outputs]</c>.</summary>
    public Linear(long inputs, long outputs, bool bias = true, double deviation = 0.02)
    {
        Weight = AddParameter("weight", Tensors.Normal([outputs, inputs], 0, deviation));
        Bias = bias ? AddParameter("bias", zeros([outputs])) : null;
    }

    /// <summary><c>[outputs, inputs]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[outputs]</c>, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary><c>[..., inputs] -> [..., outputs]</c>.</summary>
    public Tensor Forward(Tensor input) => nn.functional.linear(input, Weight, Bias);
}
