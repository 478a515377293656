// Lays token ids out as rows of a fixed length: start, text, end, padding.
namespace Duet.Text;

/// <summary>The row layout that all tokenizers share.</summary>
public static class TokenRows
{
    /// <summary>Start id, the text's ids, end id, padded to <paramref name="contextLength"/>.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">Any text; the empty text gives start and end only.</param>
    /// <param name="contextLength">The row's length, start and end included; at least 2.</param>
    /// <param name="longText">What to do with a text that does not fit; <see cref="LongText.Chunk"/> gives the first chunk.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contextLength"/> is below 2.</exception>
    public static EncodedText Encode(this ITokenizer tokenizer, string text, int contextLength, LongText longText = LongText.Head)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ReadOnlySpan<int> ids = tokenizer.Tokenize(text);
        int room = Room(contextLength);
        if (ids.Length <= room)
        {
            return Lay(tokenizer, ids, [], contextLength, truncated: false);
        }

        // Three quarters from the beginning: a title names the product first, and its end often holds size and colour.
        int head = longText == LongText.HeadTail ? room - (room / 4) : room;
        return Lay(tokenizer, ids[..head], ids[^(room - head)..], contextLength, truncated: true);
    }

    /// <summary>Cuts a text into rows that follow one another, each with start and end ids, for <see cref="LongText.Chunk"/>.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">Any text; the empty text gives one row of start and end only.</param>
    /// <param name="contextLength">Every row's length, start and end included; at least 2.</param>
    /// <param name="maximumChunks">The largest number of rows, at least 1; what does not fit is dropped and every row's <see cref="EncodedText.Truncated"/> is set.</param>
    /// <returns>Between one row and <paramref name="maximumChunks"/> rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its least value.</exception>
    public static IReadOnlyList<EncodedText> EncodeChunks(this ITokenizer tokenizer, string text, int contextLength, int maximumChunks = 16)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ReadOnlySpan<int> ids = tokenizer.Tokenize(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumChunks, 1);
        int room = Room(contextLength);
        if (room == 0)
        {
            return [Lay(tokenizer, [], [], contextLength, truncated: ids.Length > 0)];
        }

        bool truncated = ids.Length > (long)room * maximumChunks;
        var rows = new List<EncodedText>();
        do
        {
            int taken = Math.Min(room, ids.Length);
            rows.Add(Lay(tokenizer, ids[..taken], [], contextLength, truncated));
            ids = ids[taken..];
        }
        while (ids.Length > 0 && rows.Count < maximumChunks);
        return rows;
    }

    private static int Room(int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        return contextLength - 2;
    }

    private static EncodedText Lay(ITokenizer tokenizer, ReadOnlySpan<int> head, ReadOnlySpan<int> tail, int contextLength, bool truncated)
    {
        int[] row = new int[contextLength];
        int length = head.Length + tail.Length + 2;
        row[0] = tokenizer.StartId;
        head.CopyTo(row.AsSpan(1));
        tail.CopyTo(row.AsSpan(1 + head.Length));
        row[length - 1] = tokenizer.EndId;
        row.AsSpan(length).Fill(tokenizer.PaddingId);
        return new EncodedText(row, length, truncated);
    }
}
