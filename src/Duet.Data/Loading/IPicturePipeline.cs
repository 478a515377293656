// The seam between loaders and the vision room: from a file's path to the pixels of a batch.
namespace Duet.Data;

/// <summary>Prepares pictures for batches. Safe to use from many threads; every method's result depends on its arguments only.</summary>
public interface IPicturePipeline
{
    /// <summary>Side of the square picture in pixels.</summary>
    int Size { get; }

    /// <summary>Decodes a picture as later calls will, so that what is wrong with it shows now; may keep it in a cache.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged.</exception>
    void Check(string path);

    /// <summary>Writes the picture as evaluation sees it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="destination">Receives <c>[3, Size, Size]</c> bytes, not yet normalised.</param>
    /// <returns>How many times the picture was enlarged; 1 where it was not.</returns>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged.</exception>
    float Prepare(string path, Span<byte> destination);

    /// <summary>Writes a randomly altered view of the picture for training.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">The run's seed; with epoch and row it decides all randomness.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="row">The product's row in the table.</param>
    /// <param name="destination">Receives <c>[3, Size, Size]</c> bytes, not yet normalised.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged.</exception>
    void Augment(string path, ulong seed, long epoch, long row, Span<byte> destination);
}
