// The feed-forward half of T5's blocks.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// <c>wo(act(wi_0 x) * wi_1 x)</c> in version 1.1 and mT5 (a gated linear unit: Shazeer, arXiv 2002.05202), <c>wo(act(wi x))</c> in version
/// 1.0. No biases.
/// </summary>
internal sealed class T5FeedForward : Module
{
    private readonly T5Options _options;
    private readonly Linear _input;
    private readonly Linear? _gate;
    private readonly Linear _output;

    /// <summary>Creates the maps; weights start from <c>N(0, inputs^-1/2)</c> as in mesh_tensorflow.</summary>
    public T5FeedForward(T5Options options)
    {
        _options = options;
        var deviation = Math.Pow(options.Width, -0.5);
        _input = Add(options.Gated ? "wi_0" : "wi", new Linear(options.Width, options.MlpWidth, bias: false, deviation: deviation));
        _gate = options.Gated ? Add("wi_1", new Linear(options.Width, options.MlpWidth, bias: false, deviation: deviation)) : null;
        _output = Add("wo", new Linear(options.MlpWidth, options.Width, bias: false, deviation: Math.Pow(options.MlpWidth, -0.5)));
    }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    public Tensor Forward(Tensor input)
    {
        var hidden = Functional.Activate(_input.Forward(input), _options.Activation);
        hidden = _gate is null ? hidden : hidden * _gate.Forward(input);
        return _output.Forward(Functional.Dropout(hidden, _options.Dropout, training));
    }
}
