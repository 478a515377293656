// bfloat16 is the upper half of a float32.
using System.Runtime.InteropServices;

namespace Duet.Training;

/// <summary>Arrays of bfloat16, as bits.</summary>
internal static class BFloat16
{
    /// <summary>Rounds to the nearest, ties to even. Not-a-number stays so.</summary>
    public static void Round(ReadOnlySpan<float> values, Span<ushort> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        for (var i = 0; i < bits.Length; i++)
        {
            destination[i] = float.IsNaN(values[i]) ? (ushort)0x7FC0 : (ushort)((bits[i] + 0x7FFF + ((bits[i] >> 16) & 1)) >> 16);
        }
    }

    /// <summary>Widens, which is exact.</summary>
    public static void Widen(ReadOnlySpan<ushort> values, Span<float> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(destination);
        for (var i = 0; i < values.Length; i++)
        {
            bits[i] = (uint)values[i] << 16;
        }
    }
}
