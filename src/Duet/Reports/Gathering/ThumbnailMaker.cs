// Makes pictures small enough for a page.
using Duet.Vision;

namespace Duet.Reports.Gathering;

/// <summary>Makes thumbnails until their budget is used up. A picture that was made already costs nothing again.</summary>
/// <param name="budget">Bytes that all of them may have together.</param>
internal sealed class ThumbnailMaker(long budget)
{
    private const int Side = 160;
    private const int Quality = 72;

    private readonly ImageDecoder _decoder = new(new DecodeOptions { MinimumSide = Side, Background = new Rgb24(255, 255, 255) });
    private readonly Dictionary<string, (bool IsPicture, Thumbnail? Small)> _made = new(StringComparer.Ordinal);

    /// <summary>Bytes used.</summary>
    public long Used { get; private set; }

    /// <summary>Pictures that were left out because the budget was used up.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first of some pictures that can be decoded, which is the one that the model has seen, and the same made
    /// small.</summary>
    /// <param name="pictures">Files, or addresses of pictures in archives.</param>
    /// <returns>Null for both where none can be decoded; no small picture where the budget is used up.</returns>
    public (string? Picture, Thumbnail? Small) Make(IReadOnlyList<string> pictures)
    {
        foreach (var picture in pictures)
        {
            if (!_made.TryGetValue(picture, out var known))
            {
                _made[picture] = known = Within(Shrink(picture));
            }

            if (known.IsPicture)
            {
                return (picture, known.Small);
            }
        }

        return default;
    }

    /// <summary>A drawing of our own; null where the budget is used up.</summary>
    /// <param name="draw">Draws it with a side of so many pixels.</param>
    public Thumbnail? Keep(Func<int, RgbImage> draw)
    {
        var drawing = draw(Side);
        return Within(new Thumbnail(drawing.Width, drawing.Height, ImageEncoder.Encode(drawing, ImageFormat.Jpeg, Quality))).Small;
    }

    private (bool IsPicture, Thumbnail? Small) Within(Thumbnail? picture)
    {
        if (picture is not null && Used + picture.Jpeg.Length > budget)
        {
            LeftOut++;
            return (true, null);
        }

        Used += picture?.Jpeg.Length ?? 0;
        return (picture is not null, picture);
    }

    private Thumbnail? Shrink(string source)
    {
        RgbImage picture;
        try
        {
            picture = _decoder.Decode(source);
        }
        catch (ImageDecodeException)
        {
            // The evaluation has listed it in its quarantine, which the report counts; the product is shown without it.
            return null;
        }

        var scale = Math.Min(1, (double)Side / Math.Max(picture.Width, picture.Height));
        var (width, height) = (Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        var small = scale < 1 ? PillowResampler.Resize(picture, width, height, Interpolation.Bicubic) : picture;
        return new Thumbnail(width, height, ImageEncoder.Encode(small, ImageFormat.Jpeg, Quality));
    }
}
