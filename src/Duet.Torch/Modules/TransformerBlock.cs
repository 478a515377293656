// One block of a transformer encoder, with the parameter names of OpenAI's CLIP.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// Attention and MLP, each around a residual sum. Pre-norm: <c>x += f(norm(x))</c>; post-norm: <c>x = norm(x + f(x))</c>.
/// Parameters: <c>ln_1</c>, <c>attn</c>, <c>ln_2</c>, <c>mlp.c_fc</c>, <c>mlp.c_proj</c> (openai/CLIP, clip/model.py).
/// </summary>
public sealed class TransformerBlock : Module
{
    private readonly TransformerOptions _options;
    private readonly LayerNorm _norm1;
    private readonly MultiHeadAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;

    /// <summary>Creates a block; weights start as in CLIP: deviations <c>D^-1/2</c>, <c>(2 D)^-1/2</c>, and <c>D^-1/2 (2 layers)^-1/2</c>
    /// for what is summed up.</summary>
    public TransformerBlock(TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var inputDeviation = Math.Pow(options.Width, -0.5);
        var outputDeviation = inputDeviation * Math.Pow(2 * options.Layers, -0.5);
        _norm1 = Add("ln_1", new LayerNorm(options.Width, options.NormEpsilon));
        _attention = Add(
            "attn",
            new MultiHeadAttention(
                options.Width,
                options.Heads,
                options.AttentionDropout,
                inputDeviation: inputDeviation,
                outputDeviation: outputDeviation
            )
        );
        _norm2 = Add("ln_2", new LayerNorm(options.Width, options.NormEpsilon));
        _mlp = Add(
            "mlp",
            new Mlp(options.Width, options.MlpWidth, options.Width, options.Activation, Math.Pow(2 * options.Width, -0.5), outputDeviation)
        );
    }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="mask">Added to the attention scores, broadcast to <c>[B, H, L, L]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        var result = _options.PreNorm ? NormBefore(input, mask) : NormAfter(input, mask);
        ForwardRecorder.Report(this, "hidden", result);
        return result;
    }

    private Tensor NormBefore(Tensor input, Tensor? mask)
    {
        var attended = input.Plus(Drop(_attention.Forward(_norm1.Forward(input), mask)));
        return attended.Plus(Drop(_mlp.Forward(_norm2.Forward(attended))));
    }

    private Tensor NormAfter(Tensor input, Tensor? mask)
    {
        var summed = _norm1.Forward(input.Plus(Drop(_attention.Forward(input, mask))));
        return _norm2.Forward(summed.Plus(Drop(_mlp.Forward(summed))));
    }

    private Tensor Drop(Tensor result) => Functional.Dropout(result, _options.Dropout, training);
}
