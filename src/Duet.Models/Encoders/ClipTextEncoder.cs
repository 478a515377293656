// CLIP's text tower: token ids to a sequence of embeddings.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The text transformer of OpenAI's CLIP (openai/CLIP, clip/model.py; parameters under its names): token embedding, learned positions,
/// causal pre-norm blocks, norm; the end token's position is projected into the joint space.
/// </summary>
public sealed class ClipTextEncoder : Module
{
    private readonly Embedding _tokens;
    private readonly Tensor _positions;
    private readonly Transformer _transformer;
    private readonly LayerNorm _norm;
    private readonly Tensor _projection;

    /// <summary>Creates the tower.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="vocabularySize">The number of token ids.</param>
    /// <param name="contextLength">The most tokens of a text.</param>
    /// <param name="outputWidth">Width of the joint space.</param>
    /// <param name="blocks">The blocks' activation, dropout and epsilon; width, heads and layers are set from the options.</param>
    public ClipTextEncoder(
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
        _tokens = Add("token_embedding", new Embedding(vocabularySize, options.Width));
        _positions = AddParameter("positional_embedding", Tensors.Normal([contextLength, options.Width], 0, 0.01));
        _transformer = Add(
            "transformer",
            new Transformer(
                blocks with
                {
                    Width = options.Width,
                    Heads = options.Heads,
                    Layers = options.Layers,
                    MlpWidth = 4 * options.Width,
                }
            )
        );
        _norm = Add("ln_final", new LayerNorm(options.Width, blocks.NormEpsilon));
        _projection = AddParameter("text_projection", Tensors.Normal([options.Width, outputWidth], 0, Math.Pow(options.Width, -0.5)));
    }

    /// <summary>The token vectors.</summary>
    public Embedding TokenVectors => _tokens;

    /// <summary>Token and position embeddings, <c>[B, L] -> [B, L, D]</c>; L is at most the context length.</summary>
    public Tensor Embed(Tensor tokenIds) => _tokens.Forward(tokenIds).Plus(_positions.narrow(0, 0, tokenIds.size(1)));

    /// <summary>The causal blocks, <c>[B, L, D]</c>.</summary>
    public Tensor Encode(Tensor embedded) => _transformer.Forward(embedded, AttentionMask.Causal(embedded.size(1), embedded.device));

    /// <summary>The norm after the blocks, on any positions.</summary>
    public Tensor Normalize(Tensor hidden) => _norm.Forward(hidden);

    /// <summary>The projection into the joint space, on any positions: <c>[..., D] -> [..., E]</c>.</summary>
    public Tensor Project(Tensor normalized) => normalized.matmul(_projection);

    /// <summary>Every position after the last norm, <c>[B, L, D]</c>.</summary>
    public Tensor Tokens(Tensor tokenIds) => Normalize(Encode(Embed(tokenIds)));

    /// <summary>One vector per text in the joint space, not normalised: <c>[B, L] -> [B, E]</c>.</summary>
    /// <param name="tokenIds"><c>[B, L]</c>.</param>
    /// <param name="endPositions">The end tokens' positions, <c>[B]</c> int64.</param>
    public Tensor Forward(Tensor tokenIds, Tensor endPositions) => Project(Pool(Tokens(tokenIds), endPositions));

    /// <summary>
    /// Where CLIP reads a text: the first position of the largest id, <c>[B, L] -> [B]</c>. The end token has the largest id of CLIP's
    /// vocabulary (openai/CLIP, clip/model.py, encode_text).
    /// </summary>
    public static Tensor EndPositions(Tensor tokenIds)
    {
        // argmax does not promise the first of equals on every device; numbers that fall from left to right do.
        var largest = tokenIds.eq(tokenIds.amax([1], keepdim: true)).to(ScalarType.Int64);
        return (largest * Tensors.Range(tokenIds.size(1), 0, -1, device: tokenIds.device)).argmax(1);
    }

    /// <summary>One position per row: <c>[B, L, D] -> [B, D]</c>.</summary>
    public static Tensor Pool(Tensor tokens, Tensor positions) =>
        tokens.gather(1, positions.reshape(-1, 1, 1).expand(-1, 1, tokens.size(2))).squeeze(1);
}
