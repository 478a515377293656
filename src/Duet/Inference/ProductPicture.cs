// A picture as callers have it: a file or bytes.
namespace Duet.Inference;

/// <summary>A picture to look at.</summary>
public sealed record ProductPicture
{
    private ProductPicture(string name, ReadOnlyMemory<byte>? bytes) => (Name, Bytes) = (name, bytes);

    /// <summary>The file's path, or what to call the bytes in errors.</summary>
    public string Name { get; }

    /// <summary>The content of a picture file; null where <see cref="Name"/> is a path to read.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>A picture file.</summary>
    /// <param name="path">Its path.</param>
    public static ProductPicture FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new ProductPicture(path, null);
    }

    /// <summary>The bytes of a picture file (JPEG, PNG, WebP, GIF or BMP).</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    public static ProductPicture FromBytes(ReadOnlyMemory<byte> bytes, string name = "the picture")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new ProductPicture(name, bytes);
    }
}
