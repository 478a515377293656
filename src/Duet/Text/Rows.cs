// Lays token ids out as rows of a fixed length: start, text, end, padding.
namespace Duet.Text;

/// <summary>The row layout all tokenizers share.</summary>
internal static class Rows
{
    /// <summary>One row; see <see cref="ITokenizer.Encode"/>.</summary>
    public static EncodedText One(ITokenizer tokenizer, ReadOnlySpan<int> ids, int contextLength, LongText longText)
    {
        int room = Room(contextLength);
        if (ids.Length <= room)
        {
            return Lay(tokenizer, ids, [], contextLength, truncated: false);
        }

        // Three quarters from the beginning: a title names the product first, and its end often holds size and colour.
        int head = longText == LongText.HeadTail ? room - (room / 4) : room;
        return Lay(tokenizer, ids[..head], ids[^(room - head)..], contextLength, truncated: true);
    }

    /// <summary>As many rows as the text needs, at most <paramref name="maximumChunks"/>; see <see cref="ITokenizer.EncodeChunks"/>.</summary>
    public static IReadOnlyList<EncodedText> Chunks(ITokenizer tokenizer, ReadOnlySpan<int> ids, int contextLength, int maximumChunks)
    {
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
