// Fits learned positions to another picture size or text length.
using Duet.Torch;

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
        var (from, to) = (Side(positions.Size(0), nameof(positions)), Side(rows, nameof(rows)));
        if (from == to)
        {
            return positions;
        }

        var width = positions.Size(1);
        var grid = positions.Narrow(0, 1, from * from).Reshape(1, from, from, width).Permute(0, 3, 1, 2).Contiguous();
        var resized = Functional.ResizeBicubic(grid, to, to, antialias: true).Permute(0, 2, 3, 1).Reshape(to * to, width);
        return Tensor.Concatenate(0, positions.Narrow(0, 0, 1), resized);
    }

    /// <summary>Whether a number of rows is a class token and a square grid.</summary>
    internal static bool IsGrid(long rows)
    {
        var side = (long)Math.Round(Math.Sqrt(Math.Max(rows - 1, 0)));
        return side > 0 && (side * side) + 1 == rows;
    }

    private static long Side(long rows, string argument) => IsGrid(rows)
        ? (long)Math.Round(Math.Sqrt(rows - 1))
        : throw new ArgumentException($"{rows} positions are not a class token and a square grid.", argument);
}
