// One picture that libvips has opened: its size, shrinking while decoding, turning upright, pixels.
using NetVips;

namespace Duet.Vision;

/// <summary>A picture whose header is read and whose pixels are not yet. Methods throw <see cref="VipsException"/> for damaged
/// files.</summary>
internal sealed class VipsPicture : IDisposable
{
    // Below what .NET keeps with the large objects; measured as the fastest. Loaders give 8 or 16 rows at once.
    private const int StripBytes = 80_000;
    private const int StripUnit = 16;

    private readonly ImageFormat _format;
    private readonly Source _source;
    private Image _image;

    private VipsPicture(ImageFormat format, Source source)
    {
        (_format, _source, _image) = (format, source, Load(source, format));
        Measure();
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Bands { get; private set; }

    /// <summary>Bits of a sample: 8, or 16 in the machine's byte order.</summary>
    public int Bits { get; private set; }

    /// <summary>Bytes of all pixels.</summary>
    public long Length => (long)Width * Height * Bands * (Bits / 8);

    /// <summary>Reads the header of the bytes of a file.</summary>
    public static VipsPicture Open(ReadOnlySpan<byte> bytes, ImageFormat format)
    {
        VipsLibrary.Start();

        // libvips collects messages in one buffer for all threads, and making an exception empties it: warnings about earlier pictures do
        // not belong to this one.
        _ = new VipsException(string.Empty);
        var memory = Source.NewFromMemory(bytes);
        try
        {
            return new VipsPicture(format, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>What libvips says in an exception, on one line and without the name of the call.</summary>
    public static string Reason(VipsException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? string.Join("; ", lines.Skip(1)) : "libvips gave no reason";
    }

    /// <summary>Lets the decoder itself shrink, as long as the shorter side stays at least <paramref name="minimumSide"/>: by whole powers
    /// of two for JPEG, by any factor for WebP.</summary>
    public void Shrink(int minimumSide)
    {
        var side = Math.Min(Width, Height);
        if (minimumSide <= 0 || side <= minimumSide)
        {
            return;
        }

        var factor = 1;
        while (_format == ImageFormat.Jpeg && factor < 8 && side / (factor * 2) >= minimumSide)
        {
            factor *= 2;
        }

        if (factor > 1 || _format == ImageFormat.WebP)
        {
            Replace(Load(_source, _format, factor, (double)minimumSide / side));
        }
    }

    /// <summary>Turns the picture as its EXIF orientation says.</summary>
    public void TurnUpright()
    {
        const string Orientation = "orientation";
        if (_image.Contains(Orientation) && _image.Get(Orientation) is > 1 and <= 8)
        {
            // Turning reads out of order, which a sequential loader cannot serve.
            Replace(_image.CopyMemory());
            Replace(_image.Autorot());
        }
    }

    /// <summary>Decodes all pixels.</summary>
    public byte[] Read()
    {
        // A region is read in this very thread; writing the image would hand every picture to a worker of libvips.
        using var region = Region.New(_image);
        var strip = Math.Max(1, (int)((long)StripBytes * Height / Length / StripUnit)) * StripUnit;
        if (Height <= strip)
        {
            return region.Fetch(0, 0, Width, Height);
        }

        var samples = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        for (int top = 0, at = 0; top < Height; top += strip)
        {
            var rows = region.Fetch(0, top, Width, Math.Min(strip, Height - top));
            rows.CopyTo(samples, at);
            at += rows.Length;
        }

        return samples;
    }

    public void Dispose()
    {
        _image.Dispose();
        _source.Dispose();
    }

    private static Image Load(Source source, ImageFormat format, int shrink = 1, double scale = 1)
    {
        const Enums.Access Access = Enums.Access.Sequential;
        const Enums.FailOn FailOn = Enums.FailOn.Truncated;
        var opened = format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: shrink, access: Access, failOn: FailOn),
            // Pixels whose check sums are wrong count as errors only.
            ImageFormat.Png => Image.PngloadSource(source, access: Access, failOn: Enums.FailOn.Error),
            ImageFormat.WebP => Image.WebploadSource(source, scale: scale, access: Access, failOn: FailOn),
            ImageFormat.Gif => Image.GifloadSource(source, access: Access, failOn: FailOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips reads JPEG, PNG, WebP and GIF here."),
        };
        if (opened.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort && opened.Bands <= 4)
        {
            return opened;
        }

        using (opened)
        {
            throw new VipsException($"unexpected samples{Environment.NewLine}{opened.Bands} bands of {opened.Format} are not a picture");
        }
    }

    private void Replace(Image other)
    {
        _image.Dispose();
        _image = other;
        Measure();
    }

    // Every look at a property of libvips costs a call or three.
    private void Measure() =>
        (Width, Height, Bands, Bits) = (_image.Width, _image.Height, _image.Bands, _image.Format == Enums.BandFormat.Ushort ? 16 : 8);
}
