// The position of a token of a text in what the model reads.
namespace Duet.Explanation;

/// <summary>A token's place.</summary>
/// <param name="Piece">Its row: 0, or the number of the piece where a long text is read in pieces.</param>
/// <param name="Place">Its place in that row, counted from the row's first id.</param>
public readonly record struct TokenPlace(int Piece, int Place);
