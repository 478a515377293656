// Lays two tokenized texts out in one row.
namespace Duet.Text;

/// <summary>The row layout of pairs.</summary>
internal static class PairRows
{
    /// <summary>Start (where the tokenizer has one), first, one or two ends, second, end, padding.</summary>
    /// <param name="tokenizer">Gives the special ids.</param>
    /// <param name="first">Ids of the first text.</param>
    /// <param name="second">Ids of the second text.</param>
    /// <param name="contextLength">The row's length.</param>
    /// <param name="separators">How many end ids are between the texts.</param>
    /// <param name="hasTypes">Whether the second text has token type 1.</param>
    public static EncodedPair Lay(
        ITokenizer tokenizer,
        ReadOnlySpan<int> first,
        ReadOnlySpan<int> second,
        int contextLength,
        int separators,
        bool hasTypes
    )
    {
        int before = tokenizer.StartLength();
        int room = contextLength - separators - 1 - before;
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(contextLength));
        var (firstLength, secondLength) = LongestFirst(first.Length, second.Length, room);

        int[] ids = new int[contextLength];
        ids.AsSpan().Fill(tokenizer.PaddingId);
        ids.AsSpan(0, before).Fill(tokenizer.StartId);
        first[..firstLength].CopyTo(ids.AsSpan(before));
        int start = before + firstLength + separators;
        ids.AsSpan(before + firstLength, separators).Fill(tokenizer.EndId);
        second[..secondLength].CopyTo(ids.AsSpan(start));
        int length = start + secondLength + 1;
        ids[length - 1] = tokenizer.EndId;

        int[] types = new int[contextLength];
        types.AsSpan(start, secondLength + 1).Fill(hasTypes ? 1 : 0);
        return new EncodedPair(ids, types, length, firstLength < first.Length || secondLength < second.Length);
    }

    // Removing one token at a time from the longer text, from the second when they are equal, written in closed form.
    private static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if (first + (long)second <= room)
        {
            return (first, second);
        }

        int larger = (room + 1) / 2;
        int smaller = room - larger;
        return first <= larger ? (first, room - first)
            : second <= smaller ? (room - second, second)
            : (larger, smaller);
    }
}
