// CoCa's picture half: a vision transformer with attentional pooling.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// CoCa's picture encoder (arXiv 2205.01917, section 3.2; open_clip, transformer.py, VisionTransformer): one embedding for the contrastive
/// loss and a sequence of tokens for the decoder's cross-attention.
/// </summary>
public sealed class CoCaImageEncoder : Module, IImageEncoder
{
    private readonly CoCaPooling _pooling;
    private readonly AttentionalPooler? _pool;
    private readonly AttentionalPooler? _contrastivePool;
    private readonly LayerNorm _norm;
    private readonly Tensor _projection;

    /// <summary>Creates the encoder from CoCa's settings.</summary>
    public CoCaImageEncoder(CoCaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _pooling = options.Pooling;
        var (tower, joint, epsilon) = (options.Image.Width, options.JointWidth, options.NormEpsilon);
        Tower = Add("tower", new VisionTransformer(options.Image, options.ImageSize, null, options.Blocks, normAfter: false));
        if (_pooling != CoCaPooling.None)
        {
            _pool = Add("attn_pool", new AttentionalPooler(joint, tower, options.PoolerHeads, options.PoolerQueries, epsilon));
        }

        if (_pooling is CoCaPooling.Cascade or CoCaPooling.Parallel)
        {
            var context = _pooling == CoCaPooling.Cascade ? joint : tower;
            _contrastivePool = Add("attn_pool_contrastive", new AttentionalPooler(joint, context, options.PoolerHeads, 1, epsilon));
        }

        _norm = Add("ln_post", new LayerNorm(_pooling == CoCaPooling.Single ? joint : tower, epsilon));
        TokenWidth = _pooling == CoCaPooling.None ? tower : joint;
        _projection = AddParameter("proj", Tensors.Normal([TokenWidth, joint], 0, Math.Pow(tower, -0.5)));
    }

    /// <summary>The transformer over patches, without a norm at its end.</summary>
    public VisionTransformer Tower { get; }

    /// <summary>Width of the tokens for the decoder.</summary>
    public int TokenWidth { get; }

    /// <summary>
    /// The embedding (not normalised) and the tokens for the decoder from the tower's blocks: <c>[B, 1 + P, W] -> [B, E], [B, N,
    /// TokenWidth]</c>.
    /// </summary>
    /// <param name="hidden">The result of the last block.</param>
    public (Tensor Embedding, Tensor Tokens) Pool(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        switch (_pooling)
        {
            case CoCaPooling.Single:
                var pooled = _pool!.Forward(hidden);
                ForwardRecorder.Report(this, "pooled", pooled);
                return Head(Normalize(pooled));
            case CoCaPooling.None:
                return Head(Normalize(hidden));
            default:
                var normalized = Normalize(hidden);
                var tokens = _pool!.Forward(normalized);
                ForwardRecorder.Report(this, "pooled", tokens);
                var single = _contrastivePool!.Forward(_pooling == CoCaPooling.Cascade ? tokens : normalized);
                return (single.select(1, 0).matmul(_projection), tokens);
        }
    }

    /// <summary>The embedding (not normalised) and the tokens for the decoder: <c>[B, 3, S, S] -> [B, E], [B, N, TokenWidth]</c>.</summary>
    public (Tensor Embedding, Tensor Tokens) Encode(Tensor pixels) => Pool(Tower.Tokens(pixels));

    /// <inheritdoc/>
    public Tensor Forward(Tensor pixels) => Encode(pixels).Embedding;

    private Tensor Normalize(Tensor hidden)
    {
        var normalized = _norm.Forward(hidden.to(ScalarType.Float32));
        ForwardRecorder.Report(this, "normalized", normalized);
        return normalized;
    }

    private (Tensor Embedding, Tensor Tokens) Head(Tensor sequence) =>
        (sequence.select(1, 0).matmul(_projection), sequence.narrow(1, 1, sequence.size(1) - 1));
}
