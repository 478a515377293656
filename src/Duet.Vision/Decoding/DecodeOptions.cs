// How pictures are decoded when speed and common sense matter more than matching a published result to the last bit.
namespace Duet.Vision;

/// <summary>Options of <see cref="ImageDecoder.Decode(string)"/>.</summary>
public sealed record DecodeOptions
{
    /// <summary>Turns the picture upright as its EXIF orientation says. Default true. The published recipes do not, but
    /// phone pictures lie on their side without it.</summary>
    public bool AutoOrient { get; init; } = true;

    /// <summary>Decodes no larger than needed for the shorter side to stay at least this long, in pixels; 0 (default) decodes in
    /// full. JPEG is shrunk by 2, 4 or 8 while decoding, WebP by any factor, others by a whole number afterwards. Range 0 to
    /// 16384.</summary>
    public int MinimumSide
    {
        get;
        init =>
            field = value is >= 0 and <= 16384
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumSide must be between 0 (off) and 16384.");
    }

    /// <summary>The colour behind transparent pixels. Null (default) drops alpha as the published recipes do; what then shows
    /// is whatever colour the transparent pixels carry, often black.</summary>
    public Rgb24? Background { get; init; }
}
