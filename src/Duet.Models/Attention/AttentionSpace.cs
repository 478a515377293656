// A sequence that attention looks from or at, and what its positions mean.
namespace Duet.Models.Attention;

/// <summary>
/// A sequence of positions. Some of them may be tokens of the text, some patches of the picture (a grid, row by row); the others (class
/// tokens, separators, latents) are neither. Two sequences are the same where they are the same object.
/// </summary>
/// <param name="name">What to call it, for instance <c>text</c>.</param>
/// <param name="length">Its positions.</param>
public sealed class AttentionSpace(string name, long length)
{
    /// <summary>What to call it.</summary>
    public string Name { get; } = name;

    /// <summary>The number of positions.</summary>
    public int Length { get; } = checked((int)length);

    /// <summary>The position of the first text token.</summary>
    public int TextStart { get; init; }

    /// <summary>How many positions are text tokens; 0 where none are.</summary>
    public int TextCount { get; init; }

    /// <summary>Which of the batch's tokens (<see cref="Batch.TokenIds"/>) is at <see cref="TextStart"/>: 1 where a system leaves the start
    /// token out.</summary>
    public int FirstToken { get; init; }

    /// <summary>The position of the first patch.</summary>
    public int PatchStart { get; init; }

    /// <summary>Rows of the patches' grid; 0 where no position is a patch.</summary>
    public int PatchRows { get; init; }

    /// <summary>Columns of the patches' grid.</summary>
    public int PatchColumns { get; init; }

    /// <summary>How many positions are patches.</summary>
    public int PatchCount => PatchRows * PatchColumns;

    /// <summary>Whether any position is a part of the input: elsewhere attention has to be followed further down.</summary>
    public bool IsInput => TextCount + PatchCount > 0;

    /// <summary>A text's tokens, perhaps followed by others.</summary>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="length">All positions; the tokens alone where 0.</param>
    public static AttentionSpace OfText(long tokens, long length = 0) =>
        new("text", length == 0 ? tokens : length) { TextCount = (int)tokens };

    /// <summary>A text's tokens and then a picture's patches, one joint sequence.</summary>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="grid">Rows and columns of the square grid.</param>
    public static AttentionSpace OfTextAndPicture(long tokens, int grid) =>
        new("joint", tokens + (grid * (long)grid))
        {
            TextCount = (int)tokens,
            PatchStart = (int)tokens,
            PatchRows = grid,
            PatchColumns = grid,
        };

    /// <summary>A picture's patches behind <paramref name="start"/> other positions.</summary>
    /// <param name="grid">Rows and columns of the square grid.</param>
    /// <param name="start">Positions before the first patch.</param>
    public static AttentionSpace OfPicture(int grid, int start) =>
        new("picture", start + (grid * (long)grid))
        {
            PatchStart = start,
            PatchRows = grid,
            PatchColumns = grid,
        };
}
