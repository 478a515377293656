// Decoding, keeping, preparing and altering pictures, wired together for loaders.
using Duet.Vision;

namespace Duet.Data;

/// <summary>The pipeline over picture files. What it writes does not depend on whether a picture was still in the cache.</summary>
public sealed class PicturePipeline : IPicturePipeline
{
    private readonly ImageDecoder _decoder;
    private readonly DecodedImageCache _cache;
    private readonly Preprocessor _preprocessor;
    private readonly Augmenter _augmenter;

    /// <summary>Creates a pipeline.</summary>
    /// <exception cref="TableException"><see cref="PictureOptions.BaseSide"/> is too small for the recipe.</exception>
    public PicturePipeline(PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        var needed = Math.Max(options.Preprocessing.Size, options.Preprocessing.ResizeTo);
        if (options.BaseSide != 0 && (options.BaseSide < needed || options.BaseSide > 16_384))
        {
            throw new TableException($"BaseSide is {options.BaseSide}; it must be 0 or from the recipe's {needed} to 16384 pixels.");
        }

        var side = options.BaseSide != 0 ? options.BaseSide : (int)Math.Ceiling(1.25 * needed);
        _decoder = new ImageDecoder(new DecodeOptions { MinimumSide = side, Background = options.Background }, options.Limits);
        _cache = new DecodedImageCache(_decoder, side, options.CacheBytes);
        _preprocessor = new Preprocessor(options.Preprocessing);
        _augmenter = new Augmenter(options.Augmentation, options.Preprocessing.Size);
    }

    /// <summary>The options.</summary>
    public PictureOptions Options { get; }

    /// <inheritdoc/>
    public int Size => Options.Preprocessing.Size;

    /// <summary>Bytes of decoded pictures kept now.</summary>
    public long CachedBytes => _cache.Bytes;

    /// <inheritdoc/>
    public void Check(string path) => _cache.Get(path);

    /// <inheritdoc/>
    public float Prepare(string path, Span<byte> destination) =>
        Options.Exact ? Write(_decoder.DecodeRaster(path), destination) : Write(_cache.Get(path), destination);

    /// <summary>Writes the picture as evaluation sees it, altered between decoding and preparation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alter">Makes another picture of the decoded one, which it must leave as it is.</param>
    /// <param name="destination">Receives <c>[3, Size, Size]</c> bytes, not yet normalised.</param>
    /// <returns>How many times the picture was enlarged; 1 where it was not.</returns>
    /// <exception cref="ImageDecodeException">The picture is missing, refused or damaged.</exception>
    public float Prepare(string path, Func<RgbImage, RgbImage> alter, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(alter);
        return Write(alter(Options.Exact ? _decoder.DecodeRaster(path).ToRgb() : _cache.Get(path)), destination);
    }

    /// <summary>Writes a picture that is in memory, as <see cref="Prepare(string, Span{byte})"/> would write the file that holds
    /// it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="destination">Receives <c>[3, Size, Size]</c> bytes, not yet normalised.</param>
    /// <returns>How many times the picture was enlarged; 1 where it was not.</returns>
    /// <exception cref="ImageDecodeException">The bytes are refused or damaged.</exception>
    public float Prepare(ReadOnlySpan<byte> bytes, string name, Span<byte> destination) =>
        Options.Exact
            ? Write(_decoder.DecodeRaster(bytes, name), destination)
            : Write(_cache.Shrink(_decoder.Decode(bytes, name)), destination);

    /// <inheritdoc/>
    public void Augment(string path, ulong seed, long epoch, long row, Span<byte> destination) =>
        _augmenter.Apply(_cache.Get(path), seed, epoch, row, destination);

    private float Write(RasterImage image, Span<byte> destination)
    {
        _preprocessor.ToRgb8(image, destination);
        return _preprocessor.Enlargement(image.Width, image.Height);
    }

    private float Write(RgbImage image, Span<byte> destination)
    {
        _preprocessor.ToRgb8(image, destination);
        return _preprocessor.Enlargement(image.Width, image.Height);
    }
}
