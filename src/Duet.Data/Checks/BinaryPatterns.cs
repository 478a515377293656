// The texture of a picture.
using System.Numerics;

namespace Duet.Data.Checks;

/// <summary>
/// Local binary patterns (Ojala, Pietikainen and Maenpaa 2002): every pixel is described by which of its eight neighbours are lighter.
/// Patterns with at most two changes around the circle (edges, corners, dots, lines) are distinguished, all others counted together.
/// </summary>
internal static class BinaryPatterns
{
    /// <summary>The number of kinds: 58 uniform patterns and the rest.</summary>
    public const int Kinds = 59;

    // Compression makes neighbours differ by a few levels where nothing is to be seen.
    private const int LeastDifference = 4;

    private static readonly (int X, int Y)[] Circle = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)];

    private static readonly int[] KindOf = MakeKinds();

    /// <summary>The share of every kind among the pixels that have eight neighbours, as square roots, which keep rare kinds from
    /// vanishing.</summary>
    /// <param name="grey">A square picture in grey.</param>
    /// <param name="side">Its side in pixels.</param>
    public static float[] Histogram(byte[] grey, int side)
    {
        var counts = new int[Kinds];
        for (var y = 1; y < side - 1; y++)
        {
            for (var x = 1; x < side - 1; x++)
            {
                var pattern = 0;
                for (var i = 0; i < Circle.Length; i++)
                {
                    pattern |= grey[((y + Circle[i].Y) * side) + x + Circle[i].X] >= grey[(y * side) + x] + LeastDifference ? 1 << i : 0;
                }

                counts[KindOf[pattern]]++;
            }
        }

        return Array.ConvertAll(counts, count => MathF.Sqrt((float)count / ((side - 2) * (side - 2))));
    }

    private static int[] MakeKinds()
    {
        var next = 0;
        return
        [
            .. Enumerable
                .Range(0, 256)
                .Select(pattern =>
                    BitOperations.PopCount((uint)(pattern ^ (((pattern << 1) | (pattern >> 7)) & 255))) <= 2 ? next++ : Kinds - 1
                ),
        ];
    }
}
