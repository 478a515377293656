// Fits learned positions to another picture size or text length.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>Learned position embeddings at another size than they were trained at.</summary>
public static class PositionEmbeddings
{
    /// <summary>
    /// Positions of a square grid, <c>[G * G, D] -> [g * g, D]</c>, or of a class token and one, <c>[1 + G * G, D] -> [1 + g * g, D]</c>:
    /// the class row stays, the grid is resampled bicubically with antialiasing, as open_clip does it (pos_embed.py, resize_pos_embed).
    /// </summary>
    /// <param name="positions"><c>[G * G, D]</c> or <c>[1 + G * G, D]</c>.</param>
    /// <param name="rows">The rows wanted: a square, or one more than one.</param>
    /// <exception cref="ArgumentException">The numbers of rows are neither two squares nor both one more than a square.</exception>
    public static Tensor ResizeGrid(Tensor positions, long rows)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var (from, to) = (Grid(positions.size(0), nameof(positions)), Grid(rows, nameof(rows)));
        if (from.First != to.First)
        {
            throw new ArgumentException(
                $"{positions.size(0)} positions begin otherwise than {rows}: only one has a class token.",
                nameof(rows)
            );
        }

        if (from == to)
        {
            return positions;
        }

        var width = positions.size(1);
        var grid = positions
            .narrow(0, from.First, from.Side * from.Side)
            .reshape(1, from.Side, from.Side, width)
            .permute(0, 3, 1, 2)
            .contiguous();
        var resized = Functional
            .ResizeBicubic(grid, to.Side, to.Side, antialias: true)
            .permute(0, 2, 3, 1)
            .reshape(to.Side * to.Side, width);
        return from.First == 0 ? resized : cat([positions.narrow(0, 0, 1), resized], 0);
    }

    /// <summary>Whether two numbers of rows are two square grids, both with or both without a class token.</summary>
    internal static bool AreGrids(long from, long to) => Grid(from) is { } first && Grid(to) is { } second && first.First == second.First;

    private static (long First, long Side) Grid(long rows, string argument) =>
        Grid(rows) ?? throw new ArgumentException($"{rows} positions are no square grid, with or without a class token.", argument);

    // No square is one more than another, except 1, which is taken as a grid of one cell.
    private static (long First, long Side)? Grid(long rows)
    {
        foreach (var first in (long[])[0, 1])
        {
            var side = (long)Math.Round(Math.Sqrt(Math.Max(rows - first, 0)));
            if (side > 0 && (side * side) + first == rows)
            {
                return (first, side);
            }
        }

        return null;
    }
}
