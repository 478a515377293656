// Lays token ids out as rows of a fixed length: start, text, end, padding.
namespace Duet.Text;

/// <summary>The row layout that all tokenizers share; those without a start id begin with the text itself.</summary>
public static class TokenRows
{
    /// <summary>The most rows a long text is cut into.</summary>
    public const int MaxChunks = 16;

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
        int room = tokenizer.Room(contextLength);
        if (ids.Length <= room)
        {
            return Lay(tokenizer, ids, [], contextLength, truncated: false);
        }

        int head = Head(room, longText);
        return Lay(tokenizer, ids[..head], ids[^(room - head)..], contextLength, truncated: true);
    }

    /// <summary>Cuts a text into rows that follow one another, each with start and end ids, for <see cref="LongText.Chunk"/>.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">Any text; the empty text gives one row of start and end only.</param>
    /// <param name="contextLength">Every row's length, start and end included; at least 2.</param>
    /// <param name="maximumChunks">The largest number of rows, at least 1; what does not fit is dropped and every row's
    /// <see cref="EncodedText.Truncated"/> is set.</param>
    /// <returns>Between one row and <paramref name="maximumChunks"/> rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its least value.</exception>
    public static IReadOnlyList<EncodedText> EncodeChunks(
        this ITokenizer tokenizer,
        string text,
        int contextLength,
        int maximumChunks = MaxChunks
    )
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ReadOnlySpan<int> ids = tokenizer.Tokenize(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumChunks, 1);
        int room = tokenizer.Room(contextLength);
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
        } while (ids.Length > 0 && rows.Count < maximumChunks);
        return rows;
    }

    /// <summary>How many ids come before a text: one, or none where the tokenizer has no start id.</summary>
    internal static int StartLength(this ITokenizer tokenizer) => tokenizer.StartId >= 0 ? 1 : 0;

    /// <summary>How many ids of a text fit a row.</summary>
    internal static int Room(this ITokenizer tokenizer, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        return contextLength - 1 - tokenizer.StartLength();
    }

    /// <summary>How many ids of a text that does not fit are taken from its beginning; the others are its last.</summary>
    /// <remarks>Three quarters from the beginning: a title names the product first, and its end often holds size and colour.</remarks>
    internal static int Head(int room, LongText longText) => longText == LongText.HeadTail ? room - (room / 4) : room;

    private static EncodedText Lay(ITokenizer tokenizer, ReadOnlySpan<int> head, ReadOnlySpan<int> tail, int contextLength, bool truncated)
    {
        int[] row = new int[contextLength];
        int start = tokenizer.StartLength();
        int length = start + head.Length + tail.Length + 1;
        row.AsSpan(0, start).Fill(tokenizer.StartId);
        head.CopyTo(row.AsSpan(start));
        tail.CopyTo(row.AsSpan(start + head.Length));
        row[length - 1] = tokenizer.EndId;
        row.AsSpan(length).Fill(tokenizer.PaddingId);
        return new EncodedText(row, length, truncated);
    }
}
