// Makes pictures small enough to stand in a page.
using Duet.Vision;

namespace Duet.Reports.Gathering;

/// <summary>Makes thumbnails until their budget is used up. A picture that was made already costs nothing again.</summary>
/// <param name="budget">Bytes that all of them may have together.</param>
internal sealed class ThumbnailMaker(long budget)
{
    private const int Side = 160;
    private const int Quality = 72;

    private readonly ImageDecoder decoder = new(new DecodeOptions { MinimumSide = Side, Background = new Rgb24(255, 255, 255) });
    private readonly Dictionary<string, Thumbnail?> made = new(StringComparer.Ordinal);

    /// <summary>Bytes used.</summary>
    public long Used { get; private set; }

    /// <summary>Pictures that were left out because the budget was used up.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first of some pictures that is there, made small; null where none can be shown or the budget is used up.</summary>
    public Thumbnail? Make(IReadOnlyList<string> files)
    {
        var file = files.FirstOrDefault(File.Exists);
        if (file is null || made.TryGetValue(file, out var known) && known is null)
        {
            return null;
        }

        if (made.TryGetValue(file, out known))
        {
            return known;
        }

        var thumbnail = Shrink(file);
        if (thumbnail is not null && Used + thumbnail.Jpeg.Length > budget)
        {
            LeftOut++;
            thumbnail = null;
        }

        Used += thumbnail?.Jpeg.Length ?? 0;
        return made[file] = thumbnail;
    }

    /// <summary>A drawing of our own; null where the budget is used up.</summary>
    /// <param name="draw">Draws it with a side of so many pixels.</param>
    public Thumbnail? Keep(Func<int, RgbImage> draw)
    {
        var drawing = draw(Side);
        var jpeg = ImageEncoder.Encode(drawing, ImageFormat.Jpeg, Quality);
        if (Used + jpeg.Length > budget)
        {
            LeftOut++;
            return null;
        }

        Used += jpeg.Length;
        return new Thumbnail(drawing.Width, drawing.Height, jpeg);
    }

    private Thumbnail? Shrink(string file)
    {
        RgbImage picture;
        try
        {
            picture = decoder.Decode(file);
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
