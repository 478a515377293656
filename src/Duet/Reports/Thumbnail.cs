// A small picture inside a page.
namespace Duet.Reports;

/// <summary>A JPEG.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Jpeg">The file.</param>
public sealed record Thumbnail(int Width, int Height, ReadOnlyMemory<byte> Jpeg)
{
    /// <summary>The picture as an address that needs no network.</summary>
    public string DataAddress => "data:image/jpeg;base64," + Convert.ToBase64String(Jpeg.Span);
}
