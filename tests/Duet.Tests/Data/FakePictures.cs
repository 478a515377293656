// Pictures whose pixels tell what was asked for, so that loader tests need no files.
using System.Buffers.Binary;
using Duet.Data;
using Duet.Vision;

namespace Duet.Tests.Data;

/// <summary>Writes the path's number and the view's key into the pixels; paths with "bad" in them are corrupt.</summary>
internal sealed class FakePictures : IPicturePipeline
{
    private int _inUse;
    private int _mostInUse;

    public int Size => 4;

    public TimeSpan Delay { get; init; }

    /// <summary>Paths that turn corrupt after the check.</summary>
    public HashSet<string> Vanishing { get; init; } = [];

    public int MostInUse => _mostInUse;

    public void Check(string path)
    {
        if (path.Contains("bad", StringComparison.Ordinal))
        {
            throw new ImageDecodeException(ImageDecodeReason.Corrupt, path, "cut off");
        }
    }

    public float Prepare(string path, Span<byte> destination)
    {
        Fill(path, 0, 0, 0, destination);
        return 1;
    }

    public void Augment(string path, ulong seed, long epoch, long row, Span<byte> destination) => Fill(path, seed, epoch, row, destination);

    private void Fill(string path, ulong seed, long epoch, long row, Span<byte> destination)
    {
        var now = Interlocked.Increment(ref _inUse);
        InterlockedMax(ref _mostInUse, now);
        Check(Vanishing.Contains(path) ? "bad" : path);
        Thread.Sleep(Delay);
        destination.Length.ShouldBe(48);
        destination.Fill(7);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, (seed * 1_000_003) + ((ulong)epoch * 10_007) + (ulong)row);
        destination[8] = (byte)path.Length;
        destination[9] = (byte)path[^1];
        Interlocked.Decrement(ref _inUse);
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = place; seen < value; )
        {
            seen = Interlocked.CompareExchange(ref place, value, seen);
        }
    }
}
