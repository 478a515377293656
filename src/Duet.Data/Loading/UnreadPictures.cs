// Pictures that nobody looks at any more.
namespace Duet.Data;

/// <summary>Says of every picture that it is there, and gives no pixels: for products whose pictures were read before.</summary>
internal sealed class UnreadPictures : IPicturePipeline
{
    /// <inheritdoc/>
    public int Size => 0;

    /// <inheritdoc/>
    public void Check(string path) { }

    /// <inheritdoc/>
    public float Prepare(string path, Span<byte> destination) => 1;

    /// <inheritdoc/>
    public void Augment(string path, ulong seed, long epoch, long row, Span<byte> destination) { }
}
