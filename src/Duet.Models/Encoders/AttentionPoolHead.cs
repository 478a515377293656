// SigLIP's pooling: a learned query reads a sequence.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// Multi-head attention pooling with a learned probe (MAP; Zhai et al., "Scaling Vision Transformers", arXiv 2106.04560, section 3.1; in
/// SigLIP, arXiv 2303.15343): the probe alone asks, all positions are keys and values, and the result goes through a residual MLP:
/// <c>a + mlp(norm(a))</c>. Parameters: <c>probe</c>, <c>attn</c>, <c>ln</c>, <c>mlp</c>.
/// </summary>
public sealed class AttentionPoolHead : Module
{
    private readonly Tensor _probe;
    private readonly MultiHeadAttention _attention;
    private readonly LayerNorm _norm;
    private readonly Mlp _mlp;

    /// <summary>Creates the head.</summary>
    /// <param name="blocks">The shape of the blocks before it: width, heads, MLP, activation and epsilon are theirs.</param>
    public AttentionPoolHead(TransformerOptions blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var deviation = Math.Pow(blocks.Width, -0.5);
        _probe = AddParameter("probe", Tensors.Normal([1, 1, blocks.Width], 0, deviation));
        _attention = Add("attn", new MultiHeadAttention(blocks.Width, blocks.Heads, inputDeviation: deviation, outputDeviation: deviation));
        _norm = Add("ln", new LayerNorm(blocks.Width, blocks.NormEpsilon));
        _mlp = Add(
            "mlp",
            new Mlp(blocks.Width, blocks.MlpWidth, blocks.Width, blocks.Activation, Math.Pow(2 * blocks.Width, -0.5), deviation)
        );
    }

    /// <summary>What the probe reads, <c>[B, L, D] -> [B, 1, D]</c>.</summary>
    /// <param name="tokens"><c>[B, L, D]</c>.</param>
    /// <param name="mask">Added to the scores, broadcast to <c>[B, H, 1, L]</c>; null where all positions are seen.</param>
    public Tensor Attend(Tensor tokens, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return _attention.Attend(_probe.to(tokens.dtype).expand(tokens.size(0), -1, -1), tokens, mask);
    }

    /// <summary>The norm before the MLP.</summary>
    public Tensor Normalize(Tensor attended) => _norm.Forward(attended);

    /// <summary>The pooled sequence, <c>[B, L, D] -> [B, D]</c>; parameters as in <see cref="Attend"/>.</summary>
    /// <param name="tokens"><c>[B, L, D]</c>.</param>
    /// <param name="mask">Added to the scores; null where all positions are seen.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask = null)
    {
        var attended = Attend(tokens, mask);
        return attended.Plus(_mlp.Forward(Normalize(attended))).select(1, 0);
    }
}
