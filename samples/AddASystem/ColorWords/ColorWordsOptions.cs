// The settings of the example system.
namespace Duet.Models;

/// <summary>The settings of <see cref="ColorWords"/>.</summary>
internal sealed record ColorWordsOptions : ModelOptions
{
    /// <summary>Cells per side of the grid whose mean colors are read.</summary>
    public int Grid { get; init; } = 6;

    /// <summary>Width of the sum.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Width of the hidden layer of each task's head.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionException.Require("grid", Grid, 1, ImageSize, "a cell has at least one pixel");
        OptionException.Require("width", Width, 1, 65536, "picture and text are mapped to it");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
    }
}
