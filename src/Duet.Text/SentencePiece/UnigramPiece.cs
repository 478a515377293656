// A piece of a segmented text.
namespace Duet.Text;

/// <summary>A piece that <see cref="Unigram.Segment"/> found.</summary>
/// <param name="Text">Its text, blanks as <c>▁</c>; neighbouring unknown characters are one piece.</param>
/// <param name="Id">Its token id; the unknown id where the text is not in the vocabulary.</param>
public readonly record struct UnigramPiece(string Text, int Id);
