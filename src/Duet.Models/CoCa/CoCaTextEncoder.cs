// CoCa's unimodal text half.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The lower half of CoCa's decoder (arXiv 2205.01917, section 3.2; open_clip, transformer.py, TextTransformer with embed_cls; parameters
/// under its names): causal self-attention over the text with a learned class token at its END. The class position is the text's
/// embedding; the token positions go on to the upper half, without the last norm.
/// </summary>
public sealed class CoCaTextEncoder : Module
{
    private readonly bool _legacyMask;
    private readonly Embedding _tokens;
    private readonly Tensor _class;
    private readonly Tensor _positions;
    private readonly Transformer _transformer;
    private readonly LayerNorm _norm;
    private readonly Tensor _projection;

    /// <summary>Creates the encoder from CoCa's settings.</summary>
    /// <param name="options">CoCa's settings.</param>
    /// <param name="vocabularySize">The number of token ids.</param>
    public CoCaTextEncoder(CoCaOptions options, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(options);
        _legacyMask = options.LegacyClassMask;
        var width = options.Text.Width;
        _tokens = Add("token_embedding", new Embedding(vocabularySize, width));
        _class = AddParameter("cls_emb", Tensors.Normal([width], 0, 0.01));
        _positions = AddParameter("positional_embedding", Tensors.Normal([options.ContextLength + 1, width], 0, 0.01));
        _transformer = Add("transformer", new Transformer(options.TextBlocks));
        _norm = Add("ln_final", new LayerNorm(width, options.NormEpsilon));
        _projection = AddParameter("text_projection", Tensors.Normal([width, options.JointWidth], 0, Math.Pow(width, -0.5)));
    }

    /// <summary>The token vectors.</summary>
    public Embedding TokenVectors => _tokens;

    /// <summary>
    /// Tokens, class token at the end, positions: <c>[B, L] -> [B, L + 1, D]</c>. The class token has the last position there is, which is
    /// where it is in a text padded to the full context, so that the result does not depend on the padding. With the legacy mask, which
    /// belongs to published open_clip checkpoints, it has position L as there.
    /// </summary>
    public Tensor Embed(Tensor tokenIds)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        var tokens = _tokens.Forward(tokenIds);
        var place = _legacyMask ? tokenIds.size(1) : _positions.size(0) - 1;
        var last = (_class.Plus(_positions.select(0, place))).expand(tokens.size(0), 1, -1);
        return cat([tokens.Plus(_positions.narrow(0, 0, tokenIds.size(1))), last], 1);
    }

    /// <summary>
    /// What each position may see, added to the scores: <c>[B, L] -> [B, 1, L + 1, L + 1]</c>. Nothing to the right, no padding. The legacy
    /// mask of published open_clip checkpoints is one place too far to the right: the first padding position is visible, and the class
    /// token is hidden from itself where the last id is padding.
    /// </summary>
    /// <param name="tokenMask">True where there is a token, <c>[B, L]</c>.</param>
    public Tensor Mask(Tensor tokenMask)
    {
        ArgumentNullException.ThrowIfNull(tokenMask);
        var always = ones([tokenMask.size(0), 1], dtype: ScalarType.Bool, device: tokenMask.device);
        var visible = _legacyMask ? cat([always, tokenMask], 1) : cat([tokenMask, always], 1);
        return AttentionMask.Keys(visible).Plus(AttentionMask.Causal(visible.size(1), visible.device));
    }

    /// <summary>The embedding (not normalised) and the tokens for the upper half: <c>[B, L] -> [B, E], [B, L, D]</c>.</summary>
    /// <param name="tokenIds"><c>[B, L]</c>, at most the context length.</param>
    /// <param name="tokenMask">True where there is a token, <c>[B, L]</c>.</param>
    public (Tensor Embedding, Tensor Tokens) Encode(Tensor tokenIds, Tensor tokenMask)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        var length = tokenIds.size(1);
        var hidden = _transformer.Forward(Embed(tokenIds), Mask(tokenMask));
        return (_norm.Forward(hidden.select(1, length)).matmul(_projection), hidden.narrow(1, 0, length));
    }
}
