// The two-layer perceptron inside transformer blocks.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Linear, activation, linear: <c>[..., inputs] -> [..., outputs]</c>. Parameters: <c>c_fc</c>, <c>c_proj</c>.</summary>
public sealed class Mlp : Module
{
    private readonly Linear _hidden;
    private readonly Linear _output;
    private readonly Activation _activation;

    /// <summary>Creates the perceptron.</summary>
    public Mlp(long inputs, long hidden, long outputs, Activation activation, double hiddenDeviation = 0.02, double outputDeviation = 0.02)
    {
        _activation = activation;
        _hidden = Add("c_fc", new Linear(inputs, hidden, deviation: hiddenDeviation));
        _output = Add("c_proj", new Linear(hidden, outputs, deviation: outputDeviation));
    }

    /// <summary><c>[..., inputs] -> [..., outputs]</c>.</summary>
    public Tensor Forward(Tensor input) =>
        _activation == Activation.QuickGelu ? QuickGelu(input) : _output.Forward(Functional.Activate(_hidden.Forward(input), _activation));

    // x sigmoid(1.702 x) is silu(1.702 x) / 1.702. Both factors fit into the weights, which leaves one pass over the wide hidden layer
    // instead of three.
    private Tensor QuickGelu(Tensor input)
    {
        var hidden = nn.functional.linear(
            input,
            _hidden.Weight.Times(Functional.QuickGeluSlope),
            _hidden.Bias!.Times(Functional.QuickGeluSlope)
        );
        return nn.functional.linear(nn.functional.silu(hidden), _output.Weight.Times(1 / Functional.QuickGeluSlope), _output.Bias);
    }
}
