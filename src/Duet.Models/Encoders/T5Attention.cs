// T5's attention: no biases, no scaling, positions as a bias on the scores.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// <c>softmax(Q K^T + bias) V</c> without the usual <c>1 / sqrt(d)</c>, which T5 folds into its starting weights. Parameters: <c>q</c>,
/// <c>k</c>,
/// <c>v</c>, <c>o</c>, none with a bias.
/// </summary>
internal sealed class T5Attention : Module
{
    private readonly T5Options _options;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <summary>Creates the attention; weights start as in mesh_tensorflow: deviations <c>(D d)^-1/2</c> for queries, <c>D^-1/2</c> for
    /// keys and values, <c>(H d)^-1/2</c> for results.</summary>
    public T5Attention(T5Options options)
    {
        _options = options;
        var inner = (long)options.Heads * options.HeadWidth;
        _query = Add(
            "q",
            new Linear(options.Width, inner, bias: false, deviation: Math.Pow((double)options.Width * options.HeadWidth, -0.5))
        );
        _key = Add("k", new Linear(options.Width, inner, bias: false, deviation: Math.Pow(options.Width, -0.5)));
        _value = Add("v", new Linear(options.Width, inner, bias: false, deviation: Math.Pow(options.Width, -0.5)));
        _output = Add("o", new Linear(inner, options.Width, bias: false, deviation: Math.Pow(inner, -0.5)));
    }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="bias">Added to the scores, broadcast to <c>[B, H, L, L]</c>.</param>
    public Tensor Forward(Tensor input, Tensor bias)
    {
        var scores = Heads(_query.Forward(input)).matmul(Heads(_key.Forward(input)).transpose(-2, -1)).Plus(bias);
        var weights = scores.to(ScalarType.Float32).softmax(-1);
        ForwardRecorder.Report(this, "attention", weights);
        var mixed = Functional.Dropout(weights, _options.Dropout, training).matmul(Heads(_value.Forward(input)).to(weights.dtype));
        return _output.Forward(mixed.transpose(1, 2).reshape(input.size(0), input.size(1), (long)_options.Heads * _options.HeadWidth));
    }

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), _options.Heads, _options.HeadWidth).transpose(1, 2);
}
