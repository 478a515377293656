// One block that looks from a sequence at another one.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Pre-norm cross-attention and MLP around residual sums, with a norm of its own on the context
/// (open_clip, transformer.py, ResidualAttentionBlock with is_cross_attention; parameters under its names).
/// </summary>
public sealed class CrossAttentionBlock : Module
{
    private readonly TransformerOptions _options;
    private readonly LayerNorm _norm1;
    private readonly MultiHeadAttention _attention;
    private readonly LayerNorm _contextNorm;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;

    /// <summary>Creates a block.</summary>
    /// <param name="options">Width, heads and the other settings of the asking sequence.</param>
    /// <param name="contextWidth">Width of the sequence that is looked at.</param>
    public CrossAttentionBlock(TransformerOptions options, long contextWidth)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var inputDeviation = Math.Pow(options.Width, -0.5);
        var outputDeviation = inputDeviation * Math.Pow(2 * options.Layers, -0.5);
        _norm1 = Add("ln_1", new LayerNorm(options.Width, options.NormEpsilon));
        _attention = Add(
            "attn",
            new MultiHeadAttention(options.Width, options.Heads, options.AttentionDropout, contextWidth, inputDeviation, outputDeviation)
        );
        _contextNorm = Add("ln_1_kv", new LayerNorm(contextWidth, options.NormEpsilon));
        _norm2 = Add("ln_2", new LayerNorm(options.Width, options.NormEpsilon));
        _mlp = Add(
            "mlp",
            new Mlp(options.Width, options.MlpWidth, options.Width, options.Activation, Math.Pow(2 * options.Width, -0.5), outputDeviation)
        );
    }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input">The asking sequence, <c>[B, L, D]</c>.</param>
    /// <param name="context">The sequence that is looked at, <c>[B, K, C]</c>.</param>
    public Tensor Forward(Tensor input, Tensor context)
    {
        var attended = input.Plus(Drop(_attention.Attend(_norm1.Forward(input), _contextNorm.Forward(context.to(ScalarType.Float32)))));
        var result = attended.Plus(Drop(_mlp.Forward(_norm2.Forward(attended))));
        ForwardRecorder.Report(this, "hidden", result);
        return result;
    }

    private Tensor Drop(Tensor result) => Functional.Dropout(result, _options.Dropout, training);
}
