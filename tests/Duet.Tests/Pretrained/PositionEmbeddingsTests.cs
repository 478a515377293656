// Resizing learned positions: what must hold for any bicubic filter, and two values worked out by hand.
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

public sealed class PositionEmbeddingsTests
{
    [Fact]
    public void The_class_row_and_constants_stay_and_a_slope_stays_a_slope()
    {
        using var scope = NewDisposeScope();
        var rows = Enumerable
            .Range(0, 17)
            .Select(row => row == 0 ? new[] { 9f, 9f } : [5f, (row - 1) % 4])
            .SelectMany(row => row)
            .ToArray();

        var resized = PositionEmbeddings.ResizeGrid(Tensors.From(rows, 17, 2), 65);

        resized.shape.ShouldBe([65, 2]);
        var values = resized.ToArray();
        (values[0], values[1]).ShouldBe((9f, 9f));
        for (var cell = 0; cell < 64; cell++)
        {
            values[2 + (2 * cell)].ShouldBe(5f, 1e-5f);
        }

        // Columns grow from left to right and every row is alike; inside, where no border is felt, the slope is exact.
        for (var row = 0; row < 8; row++)
        {
            values[2 + (2 * ((8 * row) + 3)) + 1].ShouldBe(1.25f, 1e-4f);
            values[2 + (2 * ((8 * row) + 4)) + 1].ShouldBe(1.75f, 1e-4f);
        }
    }

    [Fact]
    public void The_same_size_changes_nothing_and_a_smaller_one_averages()
    {
        using var scope = NewDisposeScope();
        var positions = Tensors.From(Enumerable.Range(0, 17).Select(value => (float)value).ToArray(), 17, 1);
        PositionEmbeddings.ResizeGrid(positions, 17).ToArray().ShouldBe(positions.ToArray());
        var small = PositionEmbeddings.ResizeGrid(positions, 2).ToArray();
        small[0].ShouldBe(0);
        small[1].ShouldBe(8.5f, 1e-3f);
    }

    [Fact]
    public void What_is_no_grid_is_refused()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => PositionEmbeddings.ResizeGrid(zeros([16, 2]), 10)).Message.ShouldContain("16");
        Should.Throw<ArgumentException>(() => PositionEmbeddings.ResizeGrid(zeros([17, 2]), 12)).Message.ShouldContain("12");
    }
}
