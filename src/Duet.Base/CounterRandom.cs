// Random numbers that depend on a key only: the same draw whatever the thread, the order or the point of resumption.
namespace Duet;

/// <summary>
/// A generator keyed by up to three numbers (seed, epoch, row). Draw <c>n</c> is a hash of the key and <c>n</c> (the SplitMix64
/// finaliser of Steele, Lea and Flood, 2014, over a Weyl sequence), so no state travels between batches, workers or runs.
/// </summary>
public struct CounterRandom
{
    private const ulong Weyl = 0x9E3779B97F4A7C15;

    private readonly ulong _key;
    private ulong _counter;

    /// <summary>A generator for a key.</summary>
    public CounterRandom(ulong seed, ulong stream = 0, ulong item = 0) => _key = Mix(Mix(Mix(seed + Weyl) + stream + Weyl) + item + Weyl);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => Mix(_key + (++_counter * Weyl));

    /// <summary>The next number in <c>[0, 1)</c>, with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next whole number in <c>[0, exclusiveMax)</c>; the bias of the multiply-shift is below 2^-32 for 32-bit
    /// ranges.</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    /// <summary>The next number in <c>[min, max)</c>.</summary>
    public double Next(double min, double max) => min + ((max - min) * NextDouble());

    /// <summary>Shuffles in place (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
