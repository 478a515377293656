// CoCa's multimodal half.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The upper half of CoCa's decoder (arXiv 2205.01917, section 3.2; open_clip, transformer.py, MultimodalTransformer; parameters under its
/// names): each layer is a causal self-attention block and a cross-attention block on the picture's tokens.
/// </summary>
public sealed class CoCaDecoder : Module
{
    private readonly ModuleList<TransformerBlock> _self = new();
    private readonly ModuleList<CrossAttentionBlock> _cross = new();
    private readonly LayerNorm _norm;
    private readonly Tensor _projection;

    /// <summary>Creates the decoder.</summary>
    /// <param name="options">The shape of its layers.</param>
    /// <param name="imageWidth">Width C of the picture's tokens.</param>
    /// <param name="vocabularySize">The number V of token ids.</param>
    public CoCaDecoder(TransformerOptions options, int imageWidth, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(options);
        Add("resblocks", _self);
        Add("cross_attn", _cross);
        for (var layer = 0; layer < options.Layers; layer++)
        {
            _self.Append(new TransformerBlock(options));
            _cross.Append(new CrossAttentionBlock(options, imageWidth));
        }

        _norm = Add("ln_final", new LayerNorm(options.Width, options.NormEpsilon));
        _projection = AddParameter("text_projection", Tensors.Normal([options.Width, vocabularySize], 0, Math.Pow(options.Width, -0.5)));
    }

    /// <summary>States after the last norm: <c>[B, L, D], [B, N, C] -> [B, L, D]</c>.</summary>
    /// <param name="tokens">The unimodal half's token states, <c>[B, L, D]</c>.</param>
    /// <param name="image">The picture's tokens, <c>[B, N, C]</c>.</param>
    public Tensor Decode(Tensor tokens, Tensor image)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var causal = AttentionMask.Causal(tokens.size(1), tokens.device);
        var hidden = tokens;
        for (var layer = 0; layer < _self.Count; layer++)
        {
            hidden = _self[layer].Forward(hidden, causal);
            hidden = _cross[layer].Forward(hidden, image);
        }

        return _norm.Forward(hidden);
    }

    /// <summary>Logits of the next token at every position: <c>[..., D] -> [..., V]</c>.</summary>
    public Tensor Predict(Tensor states) => states.matmul(_projection);
}
