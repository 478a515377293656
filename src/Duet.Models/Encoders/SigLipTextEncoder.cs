// SigLIP's text tower: token ids to a sequence, and its last position to one vector.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The text transformer of SigLIP (arXiv 2303.15343) and SigLIP 2 (arXiv 2502.14786): token embedding, learned positions, pre-norm blocks
/// in which every position sees every other (neither causal nor masked), norm; the last position of a text filled up to the full context
/// goes through a linear layer with bias. Names of parameters are those of <see cref="ClipTextEncoder"/>.
/// </summary>
public sealed class SigLipTextEncoder : Module
{
    private readonly Tensor _positions;
    private readonly Transformer _transformer;
    private readonly LayerNorm _norm;
    private readonly Linear _projection;

    /// <summary>Creates the tower.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="vocabularySize">The number of token ids.</param>
    /// <param name="contextLength">The tokens of a text that is filled up.</param>
    /// <param name="outputWidth">Width of the joint space.</param>
    /// <param name="blocks">The blocks' activation, dropout, epsilon and MLP; width, heads and layers are set from the options.</param>
    public SigLipTextEncoder(
        TextTransformerOptions options,
        int vocabularySize,
        int contextLength,
        int outputWidth,
        TransformerOptions blocks
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(blocks);
        options.Validate();
        ContextLength = contextLength;
        TokenVectors = Add("token_embedding", new Embedding(vocabularySize, options.Width));
        _positions = AddParameter("positional_embedding", Tensors.Normal([contextLength, options.Width], 0, 0.01));
        _transformer = Add(
            "transformer",
            new Transformer(blocks with { Width = options.Width, Heads = options.Heads, Layers = options.Layers })
        );
        _norm = Add("ln_final", new LayerNorm(options.Width, blocks.NormEpsilon));
        _projection = Add("text_projection", new Linear(options.Width, outputWidth, deviation: Math.Pow(options.Width, -0.5)));
    }

    /// <summary>The token vectors.</summary>
    public Embedding TokenVectors { get; }

    /// <summary>The tokens of a text that is filled up.</summary>
    public int ContextLength { get; }

    /// <summary>A batch's texts as the tower was trained with them: padding behind every text, up to the full context, and nothing but
    /// padding where there is no text.</summary>
    /// <param name="batch">Products; <see cref="Batch.TokenIds"/> has at most <see cref="ContextLength"/> columns.</param>
    /// <param name="paddingId">The tokenizer's padding id.</param>
    /// <returns><c>[B, ContextLength]</c> int64.</returns>
    public Tensor Filled(Batch batch, int paddingId)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (ids, device) = (batch.TokenIds, batch.TokenIds.device);
        var padding = Tensors.Full([1, 1], paddingId, dtype: ScalarType.Int64, device: device);
        var filled = ids.where(batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1)), padding);
        var missing = ContextLength - ids.size(1);
        return missing == 0 ? filled : cat([filled, padding.expand(ids.size(0), missing)], 1);
    }

    /// <summary>Token and position embeddings, <c>[B, L] -> [B, L, D]</c>; L is at most the context length.</summary>
    public Tensor Embed(Tensor tokenIds) => TokenVectors.Forward(tokenIds).Plus(_positions.narrow(0, 0, tokenIds.size(1)));

    /// <summary>The blocks and the norm after them, <c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="embedded">From <see cref="Embed"/>.</param>
    /// <param name="mask">Added to the attention scores; null, as in all published models, where all positions are seen.</param>
    public Tensor Encode(Tensor embedded, Tensor? mask = null) => _norm.Forward(_transformer.Forward(embedded, mask));

    /// <summary>The layer into the joint space, on any positions: <c>[..., D] -> [..., E]</c>.</summary>
    public Tensor Project(Tensor normalized) => _projection.Forward(normalized);

    /// <summary>Every position after the last norm, <c>[B, L] -> [B, L, D]</c>.</summary>
    /// <param name="tokenIds">Token ids, filled up (<see cref="Filled"/>).</param>
    public Tensor Tokens(Tensor tokenIds) => Encode(Embed(tokenIds));

    /// <summary>One vector per text in the joint space, not normalized: <c>[B, L] -> [B, E]</c>, read at the last position.</summary>
    /// <param name="tokenIds">Token ids, filled up (<see cref="Filled"/>): a shorter row has another last position and gives another
    /// vector.</param>
    public Tensor Forward(Tensor tokenIds) => Project(Tokens(tokenIds).select(1, -1));
}
