// SigLIP's picture tower: patches to a sequence, and a learned query to one vector.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The vision transformer of SigLIP (arXiv 2303.15343) and SigLIP 2 (arXiv 2502.14786): patch embedding with bias, learned positions,
/// pre-norm blocks, norm, attention pooling (<see cref="AttentionPoolHead"/>). There is no class token and no further projection. Names of
/// parameters are those of <see cref="VisionTransformer"/> where both have a part. A tower of variable resolution (NaFlex) takes patches of
/// pictures of any shape, hides what only fills a row up, and resizes its grid of positions for each picture.
/// </summary>
public sealed class SigLipVisionTransformer : Module, IImageEncoder
{
    private readonly Conv2d? _convolution;
    private readonly Func<Tensor, Tensor> _embedPatches;
    private readonly Tensor _positions;
    private readonly Transformer _transformer;
    private readonly LayerNorm _norm;
    private readonly bool _variable;

    /// <summary>Creates the tower.</summary>
    /// <param name="options">Its shape; there is no norm before the blocks.</param>
    /// <param name="imageSize">Side of the pictures, which gives the grid of positions.</param>
    /// <param name="blocks">The blocks' activation, dropout and epsilon; width, heads and layers are set from the options.</param>
    /// <param name="variableResolution">Whether positions are resized bilinearly, as in SigLIP 2's NaFlex, instead of bicubically.</param>
    public SigLipVisionTransformer(
        VisionTransformerOptions options,
        int imageSize,
        TransformerOptions blocks,
        bool variableResolution = false
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(blocks);
        options.Validate(imageSize);
        OptionException.Require(
            !options.NormBefore,
            "image.norm_before is for CLIP; SigLIP's picture tower has no norm before its blocks."
        );
        (GridSize, Width, _variable) = (imageSize / options.PatchSize, options.Width, variableResolution);
        PatchSize = options.PatchSize;
        if (options.Stem == PatchStem.Linear)
        {
            _convolution = Add(
                "conv1",
                new Conv2d(3, options.Width, options.PatchSize, options.PatchSize, bias: options.PatchBias, deviation: 0.02)
            );
            _embedPatches = _convolution.Forward;
        }
        else
        {
            _embedPatches =
                options.Stem == PatchStem.Convolutional
                    ? Add("stem", new ConvolutionalStem(options.PatchSize, options.Width, options.StemDepth)).Forward
                    : Add("stem", new ResidualStem(options.PatchSize, options.Width, options.StemDepth)).Forward;
        }

        _positions = AddParameter(
            "positional_embedding",
            Tensors.Normal([GridSize * GridSize, options.Width], 0, Math.Pow(options.Width, -0.5))
        );
        var shape = options.Blocks(blocks);
        _transformer = Add("transformer", new Transformer(shape));
        _norm = Add("ln_post", new LayerNorm(options.Width, blocks.NormEpsilon));
        Pooling = Add("attn_pool", new AttentionPoolHead(shape));
    }

    /// <summary>Patches along one side of a picture of the tower's size.</summary>
    public int GridSize { get; }

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; }

    /// <summary>Positions of the sequence of a picture of the tower's size.</summary>
    public int Length => GridSize * GridSize;

    /// <summary>Width of the sequence and of the pooled vector.</summary>
    public int Width { get; }

    /// <summary>The pooling.</summary>
    public AttentionPoolHead Pooling { get; }

    /// <summary>Patch embeddings row by row, <c>[B, 3, H, W] -> [B, P, D]</c>, before positions.</summary>
    public Tensor Patches(Tensor pixels) => _embedPatches(pixels).flatten(2).transpose(1, 2);

    /// <summary>The sequence that enters the blocks, <c>[B, 3, H, W] -> [B, P, D]</c>: patches row by row, positions added. A picture of
    /// another size gets a resized grid.</summary>
    public Tensor Embed(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return Patches(pixels).Plus(Positions(pixels.size(2) / PatchSize, pixels.size(3) / PatchSize));
    }

    /// <summary>The sequence of pictures of different shapes, already cut into patches: <c>[B, M, patch * patch * 3] -> [B, M,
    /// D]</c>.</summary>
    /// <param name="patches">Patches row by row, each flattened by row, column and channel.</param>
    /// <param name="shapes">Rows and columns of every picture, <c>[B, 2]</c> int64; patches behind them fill the row up.</param>
    /// <exception cref="NotSupportedException">The tower's stem has several convolutions, which see more than a patch.</exception>
    public Tensor EmbedPatches(Tensor patches, Tensor shapes)
    {
        ArgumentNullException.ThrowIfNull(patches);
        if (_convolution is null)
        {
            throw new NotSupportedException("Patches of pictures of different shapes need image.stem linear.");
        }

        var kernel = _convolution.Weight.permute(0, 2, 3, 1).flatten(1);
        return nn.functional.linear(patches, kernel, _convolution.Bias).Plus(PatchPositions(shapes, patches.size(1)));
    }

    /// <summary>The positions of pictures of different shapes, <c>[B, 2] -> [B, M, D]</c>; behind a picture its first one is
    /// repeated.</summary>
    /// <param name="shapes">Rows and columns, <c>[B, 2]</c> int64.</param>
    /// <param name="length">M, the patches of a row.</param>
    public Tensor PatchPositions(Tensor shapes, long length)
    {
        var sides = shapes.ToInt64Array();
        var rows = new Tensor[sides.Length / 2];
        for (var row = 0; row < rows.Length; row++)
        {
            var own = Positions(sides[2 * row], sides[(2 * row) + 1]);
            rows[row] = cat([own, own.narrow(0, 0, 1).expand(length - own.size(0), -1)], 0);
        }

        return stack(rows, 0);
    }

    /// <summary>The blocks and the norm after them, <c>[B, P, D] -> [B, P, D]</c>.</summary>
    /// <param name="embedded">From <see cref="Embed"/> or <see cref="EmbedPatches"/>.</param>
    /// <param name="mask">Added to the attention scores; null where all positions are seen.</param>
    public Tensor Encode(Tensor embedded, Tensor? mask = null) => _norm.Forward(_transformer.Forward(embedded, mask));

    /// <summary>Every patch after the last norm, <c>[B, 3, H, W] -> [B, P, D]</c>, row by row.</summary>
    /// <param name="pixels"><c>[B, 3, H, W]</c>.</param>
    public Tensor Tokens(Tensor pixels) => Encode(Embed(pixels));

    /// <summary>One vector per picture in the joint space, not normalized: <c>[B, 3, H, W] -> [B, D]</c>.</summary>
    /// <param name="pixels"><c>[B, 3, H, W]</c>.</param>
    public Tensor Forward(Tensor pixels) => Pooling.Forward(Tokens(pixels));

    /// <summary>One vector per picture of any shape, not normalized: <c>[B, M, patch * patch * 3] -> [B, D]</c>.</summary>
    /// <param name="patches">As in <see cref="EmbedPatches"/>.</param>
    /// <param name="shapes">Rows and columns of every picture, <c>[B, 2]</c> int64.</param>
    /// <param name="visible">True where there is a patch of the picture, <c>[B, M]</c>.</param>
    public Tensor ForwardPatches(Tensor patches, Tensor shapes, Tensor visible)
    {
        var mask = AttentionMask.Keys(visible);
        return Pooling.Forward(Encode(EmbedPatches(patches, shapes), mask), mask);
    }

    // Hugging Face resizes bicubically without antialiasing, and NaFlex bilinearly with it.
    private Tensor Positions(long rows, long columns)
    {
        if (rows == GridSize && columns == GridSize)
        {
            return _positions;
        }

        var grid = _positions.reshape(1, GridSize, GridSize, Width).permute(0, 3, 1, 2);
        var resized = _variable
            ? Functional.ResizeBilinear(grid, rows, columns, antialias: true)
            : Functional.ResizeBicubic(grid, rows, columns);
        return resized.flatten(2).squeeze(0).transpose(0, 1);
    }
}
