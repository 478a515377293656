// Rearranging interleaved samples.
namespace Duet.Vision;

internal static class Bands
{
    /// <summary>Keeps the first <paramref name="keep"/> of every <paramref name="step"/> bytes.</summary>
    public static byte[] Keep(ReadOnlySpan<byte> samples, int step, int keep)
    {
        var kept = new byte[samples.Length / step * keep];
        for (int from = 0, to = 0; to < kept.Length; from += step, to += keep)
        {
            samples.Slice(from, keep).CopyTo(kept.AsSpan(to));
        }

        return kept;
    }

    /// <summary>The upper byte of each 16-bit sample.</summary>
    public static byte[] UpperBytes(ReadOnlySpan<ushort> samples)
    {
        var upper = new byte[samples.Length];
        for (var i = 0; i < upper.Length; i++)
        {
            upper[i] = (byte)(samples[i] >> 8);
        }

        return upper;
    }
}
