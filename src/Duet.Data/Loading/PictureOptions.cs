// How pictures get from files into batches.
using Duet.Vision;

namespace Duet.Data;

/// <summary>How a <see cref="PicturePipeline"/> decodes, prepares, alters and keeps pictures.</summary>
public sealed record PictureOptions
{
    /// <summary>The recipe for evaluation; its size is the size of all pictures.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>The changes for training.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>
    /// Whether evaluation follows the recipe to the bit from the full picture, as models with published weights need it. Otherwise
    /// it starts from the kept, shrunk and upright picture that training uses too, which is several times faster.
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>The most bytes of decoded pictures to keep. Default 1 GiB; 0 keeps none.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Shorter side that pictures are shrunk to after decoding, in pixels, at least the recipe's size; 0 takes 1.25 times that
    /// size, so that crops stay sharp.</summary>
    public int BaseSide { get; init; }

    /// <summary>The colour behind transparent pixels. Default white, the usual ground of product pictures. Plays no part in
    /// <see cref="Exact"/> evaluation.</summary>
    public Rgb24 Background { get; init; } = new(255, 255, 255);

    /// <summary>What is refused.</summary>
    public DecodeLimits Limits { get; init; } = new();
}
