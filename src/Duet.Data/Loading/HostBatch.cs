// A batch in managed memory: what loaders give and trainers turn into tensors.
using System.Diagnostics;

namespace Duet.Data;

/// <summary>B products, encoded and padded. Dispose it after copying, so that its pixel buffer is used again.</summary>
public sealed class HostBatch : IDisposable
{
    private readonly Task<PreparedPicture>? _decoding;
    private PixelPool? _pool;
    private byte[]? _pixels;

    internal HostBatch(byte[] pixels, PixelPool? pool = null) => (_pixels, _pool) = (pixels, pool);

    /// <summary>A batch of one product whose picture may still be being decoded.</summary>
    internal HostBatch(Task<PreparedPicture> decoding) => _decoding = decoding;

    /// <summary>The number of products, B.</summary>
    public required int Count { get; init; }

    /// <summary>Side of the pictures in pixels, S.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Length of the token rows, L.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Pixels <c>[B, 3, S, S]</c>, RGB planes, 0 to 255, not normalised; zeros where there is no picture. Empty once disposed.
    /// Waits for a picture that is being decoded.</summary>
    /// <exception cref="Vision.ImageDecodeException">That picture is missing, refused or damaged.</exception>
    public byte[] Pixels => _pixels ??= Await(_decoding!).Pixels;

    /// <summary>How many times each picture was enlarged, <c>[B]</c>; 1 where it was not, or there is none. Waits for a picture that is
    /// being decoded.</summary>
    /// <exception cref="Vision.ImageDecodeException">That picture is missing, refused or damaged.</exception>
    internal IReadOnlyList<float> Enlargements
    {
        get => _decoding is null || field.Count > 0 ? field : [Await(_decoding).Enlargement];
        init;
    } = [];

    /// <summary>Whether <see cref="Pixels"/> would have to be waited for.</summary>
    internal bool IsDecoding => _decoding is { IsCompleted: false };

    /// <summary>Token ids <c>[B, L]</c>, padded; a product without text has the ids of the empty text.</summary>
    public required long[] TokenIds { get; init; }

    /// <summary>How many ids of each row are no padding, <c>[B]</c>, at least 1.</summary>
    public required int[] TextLengths { get; init; }

    /// <summary>Whether the product has a picture, <c>[B]</c>.</summary>
    public required bool[] ImagePresent { get; init; }

    /// <summary>Whether the product has text, <c>[B]</c>.</summary>
    public required bool[] TextPresent { get; init; }

    /// <summary>Whether a part of the product's text was not read, <c>[B]</c>; empty where nobody counted.</summary>
    internal bool[] TextTruncated { get; init; } = [];

    /// <summary>Ids of the features' values <c>[B, F]</c>, 0 for unknown; empty where the model has no features.</summary>
    public long[] Features { get; init; } = [];

    /// <summary>Labels by task, in the schema's order; empty where the loader has no tasks.</summary>
    public required IReadOnlyList<TaskLabels> Labels { get; init; }

    /// <summary>Table row numbers, <c>[B]</c>.</summary>
    public required long[] Rows { get; init; }

    /// <summary>Product ids, <c>[B]</c>.</summary>
    public required string[] Ids { get; init; }

    /// <summary>The further pieces of texts that are read in pieces (<see cref="Text.LongText.Chunk"/>), in the order of each
    /// text.</summary>
    internal IReadOnlyList<TextChunk> FurtherTexts { get; init; } = [];

    /// <summary>How many pictures were looked at for this batch and for rows that were left out of it, and how many of them could not be
    /// used.</summary>
    internal LossCount Pictures { get; init; }

    /// <summary>The id that fills rows.</summary>
    internal long PaddingId { get; init; }

    // A picture is usually there sooner than a sleeping thread would wake up.
    private static PreparedPicture Await(Task<PreparedPicture> decoding)
    {
        var (clock, spin) = (Stopwatch.StartNew(), default(SpinWait));
        while (!decoding.IsCompleted && clock.ElapsedMilliseconds < 1)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return decoding.GetAwaiter().GetResult();
    }

    /// <summary>Hands the pixel buffer back; the other arrays stay valid.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pool, null) is { } owner)
        {
            owner.Return(Pixels);
            _pixels = [];
        }
    }
}
