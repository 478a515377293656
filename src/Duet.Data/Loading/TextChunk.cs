// A further piece of a product's long text.
namespace Duet.Data;

/// <summary>A piece of a text that did not fit one row, beyond the first.</summary>
/// <param name="Row">The product's place in its batch.</param>
/// <param name="Ids">The piece's ids with start and end, without padding.</param>
internal sealed record TextChunk(int Row, ReadOnlyMemory<int> Ids);
