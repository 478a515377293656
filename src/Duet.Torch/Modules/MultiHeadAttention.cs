// Multi-head attention with the parameter names of PyTorch's nn.MultiheadAttention.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// Multi-head attention (Vaswani et al., arXiv 1706.03762). Parameters are named as in PyTorch: one <c>in_proj_weight</c> <c>[3D, D]</c>
/// in the order query, key, value where all widths agree, else three; always one <c>in_proj_bias</c>; <c>out_proj</c>.
/// </summary>
public sealed class MultiHeadAttention : Module
{
    private readonly int _heads;
    private readonly double _dropout;
    private readonly long _width;
    private readonly Tensor? _inputWeight;
    private readonly Tensor? _queryWeight;
    private readonly Tensor? _keyWeight;
    private readonly Tensor? _valueWeight;
    private readonly Tensor _inputBias;
    private readonly Linear _output;

    /// <summary>Creates the attention.</summary>
    /// <param name="width">Width D of queries and results; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="dropout">Probability of dropping an attention weight while training.</param>
    /// <param name="contextWidth">Width of keys and values where it is not D.</param>
    /// <param name="inputDeviation">Deviation of the starting input weights.</param>
    /// <param name="outputDeviation">Deviation of the starting output weights.</param>
    /// <exception cref="ArgumentException">The width is not a multiple of the heads.</exception>
    public MultiHeadAttention(
        long width,
        int heads,
        double dropout = 0,
        long? contextWidth = null,
        double inputDeviation = 0.02,
        double outputDeviation = 0.02
    )
    {
        if (heads < 1 || width % heads != 0)
        {
            throw new ArgumentException($"A width of {width} cannot be cut into {heads} heads.", nameof(heads));
        }

        (_width, _heads, _dropout) = (width, heads, dropout);
        if (contextWidth is null || contextWidth == width)
        {
            _inputWeight = AddParameter("in_proj_weight", Tensors.Normal([3 * width, width], 0, inputDeviation));
        }
        else
        {
            _queryWeight = AddParameter("q_proj_weight", Tensors.Normal([width, width], 0, inputDeviation));
            _keyWeight = AddParameter("k_proj_weight", Tensors.Normal([width, contextWidth.Value], 0, inputDeviation));
            _valueWeight = AddParameter("v_proj_weight", Tensors.Normal([width, contextWidth.Value], 0, inputDeviation));
        }

        _inputBias = AddParameter("in_proj_bias", zeros([3 * width]));
        _output = Add("out_proj", new Linear(width, width, deviation: outputDeviation));
    }

    /// <summary>Self-attention.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="mask">Added to the scores, broadcast to <c>[B, H, L, L]</c>; null for none.</param>
    /// <returns><c>[B, L, D]</c>.</returns>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        if (_inputWeight is null)
        {
            return Attend(input, input, mask);
        }

        var projected = nn.functional.linear(input, _inputWeight, _inputBias);
        var parts = projected.reshape(input.size(0), input.size(1), 3, _heads, _width / _heads).permute(2, 0, 3, 1, 4);
        return Mix(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), mask);
    }

    /// <summary>Cross-attention.</summary>
    /// <param name="query"><c>[B, Lq, D]</c>.</param>
    /// <param name="context"><c>[B, Lk, contextWidth]</c>, keys and values.</param>
    /// <param name="mask">Added to the scores, broadcast to <c>[B, H, Lq, Lk]</c>; null for none.</param>
    /// <returns><c>[B, Lq, D]</c>.</returns>
    public Tensor Attend(Tensor query, Tensor context, Tensor? mask = null)
    {
        var weights = _inputWeight?.split(_width) ?? [_queryWeight!, _keyWeight!, _valueWeight!];
        var biases = _inputBias.split(_width, 0);
        return Mix(
            Heads(nn.functional.linear(query, weights[0], biases[0])),
            Heads(nn.functional.linear(context, weights[1], biases[1])),
            Heads(nn.functional.linear(context, weights[2], biases[2])),
            mask
        );
    }

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), _heads, _width / _heads).transpose(1, 2);

    private Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var (mixed, weights) = Functional.Attention(query, key, value, mask, _dropout, training);
        ForwardRecorder.Report(this, "attention", weights);
        return _output.Forward(mixed.transpose(1, 2).reshape(query.size(0), query.size(2), _width));
    }
}
