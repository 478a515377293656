// The settings of CLIP's text tower.
namespace Duet.Models.Encoders;

/// <summary>The shape of CLIP's text transformer.</summary>
public sealed record TextTransformerOptions : TextTowerOptions
{
    /// <summary>A tower that trains from scratch on a CPU, the same in every system's preset <c>small</c> (docs/decisions/004).</summary>
    internal static TextTransformerOptions Small { get; } =
        new()
        {
            Width = 192,
            Layers = 1,
            Heads = 6,
        };

    /// <summary>Width of the tokens.</summary>
    public int Width { get; init; } = 512;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 8;

    /// <inheritdoc/>
    internal override int Depth => Layers;

    /// <inheritdoc/>
    internal override int SequenceWidth => Width;

    /// <inheritdoc/>
    internal override void Check(int contextLength) => Validate();

    /// <inheritdoc/>
    internal override TextTower Build(TowerSurroundings surroundings) =>
        new ClipTextTower(
            new ClipTextEncoder(
                this,
                surroundings.Context.VocabularySize,
                surroundings.Options.ContextLength,
                surroundings.JointWidth,
                surroundings.Blocks
            ),
            Width
        );

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        OptionException.Require("text.layers", Layers, 0, 128, "there are no deeper published towers");
        OptionException.Require("text.width", Width, 1, 16384, "there are no wider published towers");
        OptionException.Require(Heads >= 1 && Width % Heads == 0, $"text.width {Width} is not a multiple of text.heads {Heads}.");
    }
}
