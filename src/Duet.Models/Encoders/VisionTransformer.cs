// CLIP's picture tower: patches to a sequence of embeddings.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The vision transformer of OpenAI's CLIP (openai/CLIP, clip/model.py, VisionTransformer; parameters under its names): patch embedding,
/// class embedding in front, learned positions, norm, pre-norm blocks, norm, projection into the joint space. ViT itself (arXiv 2010.11929)
/// has no norm before the blocks, a bias in the patch embedding and no projection; CoCa's tower ends with the blocks.
/// </summary>
public sealed class VisionTransformer : Module, IImageEncoder
{
    private readonly Func<Tensor, Tensor> _embedPatches;
    private readonly Tensor _class;
    private readonly Tensor _positions;
    private readonly LayerNorm? _normBefore;
    private readonly Transformer _transformer;
    private readonly LayerNorm? _normAfter;
    private readonly Tensor? _projection;

    /// <summary>Creates the tower.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="imageSize">Side of the pictures.</param>
    /// <param name="outputWidth">Width of the joint space; null for no projection.</param>
    /// <param name="blocks">The blocks' activation, dropout and epsilon; width, heads and layers are set from the options.</param>
    /// <param name="normAfter">Whether there is a norm after the last block.</param>
    public VisionTransformer(
        VisionTransformerOptions options,
        int imageSize,
        int? outputWidth,
        TransformerOptions blocks,
        bool normAfter = true
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(blocks);
        options.Validate(imageSize);
        GridSize = imageSize / options.PatchSize;
        Width = options.Width;
        var deviation = Math.Pow(options.Width, -0.5);
        _embedPatches = options.Stem switch
        {
            PatchStem.Linear => Add(
                "conv1",
                new Conv2d(3, options.Width, options.PatchSize, options.PatchSize, bias: options.PatchBias, deviation: 0.02)
            ).Forward,
            PatchStem.Convolutional => Add("stem", new ConvolutionalStem(options.PatchSize, options.Width, options.StemDepth)).Forward,
            PatchStem.Residual => Add("stem", new ResidualStem(options.PatchSize, options.Width, options.StemDepth)).Forward,
            _ => throw new OptionException($"image.stem {options.Stem} is not a known stem."),
        };
        _class = AddParameter("class_embedding", Tensors.Normal([options.Width], 0, deviation));
        _positions = AddParameter("positional_embedding", Tensors.Normal([Length, options.Width], 0, deviation));
        _normBefore = options.NormBefore ? Add("ln_pre", new LayerNorm(options.Width, blocks.NormEpsilon)) : null;
        _transformer = Add("transformer", new Transformer(options.Blocks(blocks)));
        _normAfter = normAfter ? Add("ln_post", new LayerNorm(options.Width, blocks.NormEpsilon)) : null;
        _projection = outputWidth is { } joint ? AddParameter("proj", Tensors.Normal([options.Width, joint], 0, deviation)) : null;
    }

    /// <summary>Patches along one side of the picture.</summary>
    public int GridSize { get; }

    /// <summary>Positions of the sequence: the class position and the patches.</summary>
    public int Length => (GridSize * GridSize) + 1;

    /// <summary>Width of the sequence.</summary>
    public int Width { get; }

    /// <summary>Patch embeddings row by row, <c>[B, P, D]</c>, before class and positions.</summary>
    public Tensor Patches(Tensor pixels) => _embedPatches(pixels).flatten(2).transpose(1, 2);

    /// <summary>The sequence that enters the blocks, <c>[B, 1 + P, D]</c>: class embedding first, positions added.</summary>
    public Tensor Embed(Tensor patches)
    {
        var start = _class.to(patches.dtype).expand(patches.size(0), 1, -1);
        return cat([start, patches], 1).Plus(_positions);
    }

    /// <summary>The norm before the blocks, where there is one.</summary>
    public Tensor NormalizeBefore(Tensor embedded) => _normBefore is null ? embedded : _normBefore.Forward(embedded);

    /// <summary>The blocks.</summary>
    public Tensor Encode(Tensor normalized) => _transformer.Forward(normalized);

    /// <summary>The norm after the blocks, where there is one, on any positions: <c>[..., D]</c>.</summary>
    public Tensor NormalizeAfter(Tensor hidden) => _normAfter is null ? hidden : _normAfter.Forward(hidden);

    /// <summary>The projection into the joint space, where there is one, on any positions: <c>[..., D] -> [..., E]</c>.</summary>
    public Tensor Project(Tensor normalized) => _projection is null ? normalized : normalized.matmul(_projection);

    /// <summary>Every position after the last norm, <c>[B, 1 + P, D]</c>: the class position first, then the patches.</summary>
    public Tensor Tokens(Tensor pixels) => NormalizeAfter(Encode(NormalizeBefore(Embed(Patches(pixels)))));

    /// <inheritdoc/>
    public Tensor Forward(Tensor pixels) => Project(NormalizeAfter(Encode(NormalizeBefore(Embed(Patches(pixels)))).select(1, 0)));
}
