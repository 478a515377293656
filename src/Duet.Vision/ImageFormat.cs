// The picture formats that are read and written.
namespace Duet.Vision;

/// <summary>A file format of pictures.</summary>
public enum ImageFormat
{
    /// <summary>JPEG.</summary>
    Jpeg = 1,

    /// <summary>PNG.</summary>
    Png = 2,

    /// <summary>WebP, lossy or lossless; the first frame of a moving one.</summary>
    WebP = 3,

    /// <summary>GIF; the first frame.</summary>
    Gif = 4,

    /// <summary>Windows bitmap; read only.</summary>
    Bmp = 5,
}
