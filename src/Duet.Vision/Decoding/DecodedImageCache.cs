// Keeps decoded pictures in memory, so that only the first epoch pays for decoding.
using System.Collections.Concurrent;

namespace Duet.Vision;

/// <summary>Decoded pictures by path, up to a budget of bytes. A picture is decoded once even when several threads ask at the same
/// time. When the budget is spent, what is there stays (training walks through all rows in turn, where throwing out the
/// oldest would throw out everything before its next use) and the rest is decoded each time.</summary>
public sealed class DecodedImageCache
{
    private readonly ConcurrentDictionary<string, Lazy<RgbImage>> _images = new(StringComparer.Ordinal);
    private readonly ImageDecoder _decoder;
    private readonly int _shorterSide;
    private long _bytes;
    private long _hits;
    private long _misses;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="decoder">Decodes what is not there; its <see cref="DecodeOptions.MinimumSide"/> should not be below
    /// <paramref name="shorterSide"/>.</param>
    /// <param name="shorterSide">Pictures are kept no larger than this along the shorter side, in pixels; 0 keeps them as
    /// decoded.</param>
    /// <param name="budgetBytes">Most bytes of pixels to keep; default 1 GiB (55,000 pictures of 80 x 80); 0 keeps none.</param>
    public DecodedImageCache(ImageDecoder decoder, int shorterSide = 0, long budgetBytes = 1L << 30)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfNegative(shorterSide);
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        if (decoder.Options.MinimumSide is > 0 and var least && (shorterSide == 0 || least < shorterSide))
        {
            throw new ArgumentException(
                $"The decoder may shrink to {least} pixels, below the {(shorterSide == 0 ? "full size" : shorterSide)} asked for.",
                nameof(decoder)
            );
        }

        (_decoder, _shorterSide, BudgetBytes) = (decoder, shorterSide, budgetBytes);
    }

    /// <summary>Most bytes of pixels to keep.</summary>
    public long BudgetBytes { get; }

    /// <summary>Bytes of pixels kept now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Requests met from memory (or by another thread's decoding).</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Requests that had to decode.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>The picture of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageDecodeException">The file is missing, refused or damaged. Nothing is kept then: the next request
    /// tries again.</exception>
    public RgbImage Get(string path) => Get(path, _decoder.Decode);

    /// <summary>The picture under a key, made by <paramref name="decode"/> where it is not there: for pictures that are not
    /// files, such as those in archives.</summary>
    /// <param name="key">The picture's name, unique in this cache.</param>
    /// <param name="decode">Decodes the picture of that name.</param>
    public RgbImage Get(string key, Func<string, RgbImage> decode)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(decode);
        if (_images.TryGetValue(key, out var known))
        {
            return Counted(known, ref _hits);
        }

        var own = new Lazy<RgbImage>(() => Shrink(decode(key)));
        var winner = _images.GetOrAdd(key, own);
        if (winner != own)
        {
            return Counted(winner, ref _hits);
        }

        Interlocked.Increment(ref _misses);
        try
        {
            var image = own.Value;
            if (!Reserve(image.Pixels.Length))
            {
                _images.TryRemove(KeyValuePair.Create(key, own));
            }

            return image;
        }
        catch
        {
            _images.TryRemove(KeyValuePair.Create(key, own));
            throw;
        }
    }

    /// <summary>A picture as it would be kept: no larger along the shorter side than this cache's limit.</summary>
    /// <param name="image">The decoded picture.</param>
    public RgbImage Shrink(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var side = Math.Min(image.Width, image.Height);
        return _shorterSide == 0 || side <= _shorterSide
            ? image
            : PillowResampler.Resize(image, Scaled(image.Width, side), Scaled(image.Height, side), Interpolation.Bilinear);
    }

    private static RgbImage Counted(Lazy<RgbImage> image, ref long counter)
    {
        Interlocked.Increment(ref counter);
        return image.Value;
    }

    private bool Reserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= BudgetBytes)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    private int Scaled(int length, int side) => (int)Math.Round((double)length * _shorterSide / side);
}
