// Fits learned positions to another picture size or text length.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>Learned position embeddings at another size than they were trained at.</summary>
public static class PositionEmbeddings
{
    /// <summary>
    /// Positions of a class token and a square grid, <c>[1 + G * G, D] -> [1 + g * g, D]</c>: the class row stays, the grid is resampled
    /// bicubically with antialiasing, as open_clip does it (pos_embed.py, resize_pos_embed).
    /// </summary>
    /// <param name="positions"><c>[1 + G * G, D]</c>.</param>
    /// <param name="rows">The rows wanted: one more than a square.</param>
    /// <exception cref="ArgumentException">One of the two is no class token and square.</exception>
    public static Tensor ResizeGrid(Tensor positions, long rows)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var (from, to) = (Side(positions.size(0), nameof(positions)), Side(rows, nameof(rows)));
        if (from == to)
        {
            return positions;
        }

        var width = positions.size(1);
        var grid = positions.narrow(0, 1, from * from).reshape(1, from, from, width).permute(0, 3, 1, 2).contiguous();
        var resized = Functional.ResizeBicubic(grid, to, to, antialias: true).permute(0, 2, 3, 1).reshape(to * to, width);
        return cat([positions.narrow(0, 0, 1), resized], 0);
    }

    /// <summary>Whether a number of rows is a class token and a square grid.</summary>
    internal static bool IsGrid(long rows)
    {
        var side = (long)Math.Round(Math.Sqrt(Math.Max(rows - 1, 0)));
        return side > 0 && (side * side) + 1 == rows;
    }

    private static long Side(long rows, string argument) =>
        IsGrid(rows)
            ? (long)Math.Round(Math.Sqrt(rows - 1))
            : throw new ArgumentException($"{rows} positions are not a class token and a square grid.", argument);
}
