// A picture pipeline whose pictures are damaged between decoding and preparation.
using Duet.Data;

namespace Duet.Studies.Robustness;

/// <summary>Prepares damaged pictures. A picture that several products share is damaged with the draws of the first of them.</summary>
internal sealed class CorruptedPictures(PicturePipeline pictures, Corruption corruption, ulong seed, IReadOnlyDictionary<string, long> rows)
    : IPicturePipeline
{
    /// <inheritdoc/>
    public int Size => pictures.Size;

    /// <inheritdoc/>
    public void Check(string path) => pictures.Check(path);

    /// <inheritdoc/>
    public float Prepare(string path, Span<byte> destination) =>
        pictures.Prepare(
            path,
            image =>
                PictureCorruption.Apply(image, corruption, CorruptedProducts.Draws(seed, corruption.Kind, rows.GetValueOrDefault(path))),
            destination
        );

    /// <inheritdoc/>
    public void Augment(string path, ulong seed, long epoch, long row, Span<byte> destination) =>
        pictures.Augment(path, seed, epoch, row, destination);
}
