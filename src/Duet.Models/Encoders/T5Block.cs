// One block of T5's encoder.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>Attention and feed-forward, each around a residual sum with the norm before it. Parameters: <c>ln_1</c>, <c>attn</c>,
/// <c>ln_2</c>, <c>mlp</c>.</summary>
internal sealed class T5Block : Module
{
    private readonly T5Options _options;
    private readonly RmsNorm _norm1;
    private readonly T5Attention _attention;
    private readonly RmsNorm _norm2;
    private readonly T5FeedForward _mlp;

    /// <summary>Creates a block.</summary>
    public T5Block(T5Options options)
    {
        _options = options;
        _norm1 = Add("ln_1", new RmsNorm(options.Width, options.NormEpsilon));
        _attention = Add("attn", new T5Attention(options));
        _norm2 = Add("ln_2", new RmsNorm(options.Width, options.NormEpsilon));
        _mlp = Add("mlp", new T5FeedForward(options));
    }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="bias">Added to the attention scores, broadcast to <c>[B, H, L, L]</c>.</param>
    public Tensor Forward(Tensor input, Tensor bias)
    {
        var attended = input.Plus(Drop(_attention.Forward(_norm1.Forward(input), bias)));
        var result = attended.Plus(Drop(_mlp.Forward(_norm2.Forward(attended))));
        ForwardRecorder.Report(this, "hidden", result);
        return result;
    }

    private Tensor Drop(Tensor result) => Functional.Dropout(result, _options.Dropout, training);
}
