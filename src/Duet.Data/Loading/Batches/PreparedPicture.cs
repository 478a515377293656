// Pictures as a model sees them: one, and those of a batch.
using System.Collections.Concurrent;

namespace Duet.Data;

/// <summary>A prepared picture.</summary>
/// <param name="Pixels"><c>[3, S, S]</c> bytes, RGB planes, not normalized.</param>
/// <param name="Enlargement">How many times it was enlarged; 1 where it was not.</param>
internal sealed record PreparedPicture(byte[] Pixels, float Enlargement);

/// <summary>The pictures of B products.</summary>
/// <param name="Size">Their side in pixels, S.</param>
/// <param name="Pixels"><c>[B, 3, S, S]</c>; zeros where there is no picture.</param>
/// <param name="Present">Whether there is one, <c>[B]</c>.</param>
/// <param name="Enlargements">How many times each was enlarged, <c>[B]</c>.</param>
internal sealed record PreparedPictures(int Size, byte[] Pixels, bool[] Present, float[] Enlargements)
{
    /// <summary>The bytes of one picture.</summary>
    public int Bytes => 3 * Size * Size;

    /// <summary>No pictures at all.</summary>
    public static PreparedPictures None(int count, int size) =>
        new(size, new byte[checked(count * 3 * size * size)], new bool[count], [.. Enumerable.Repeat(1f, count)]);

    /// <summary>Those that the products have with them.</summary>
    public static PreparedPictures Of(IReadOnlyList<EncodedProduct> products, int size)
    {
        var pictures = None(products.Count, size);
        for (var row = 0; row < products.Count; row++)
        {
            if (products[row].Picture is { } picture)
            {
                picture.Pixels.CopyTo(pictures.Pixels.AsSpan(row * pictures.Bytes));
                (pictures.Present[row], pictures.Enlargements[row]) = (true, picture.Enlargement);
            }
        }

        return pictures;
    }

    /// <summary>Those of the given rows, copied.</summary>
    public PreparedPictures Select(IReadOnlyList<int> rows)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(rows.Count * Bytes);
        for (var i = 0; i < rows.Count; i++)
        {
            Pixels.AsSpan(rows[i] * Bytes, Bytes).CopyTo(pixels.AsSpan(i * Bytes));
        }

        return new PreparedPictures(Size, pixels, [.. rows.Select(row => Present[row])], [.. rows.Select(row => Enlargements[row])]);
    }
}

/// <summary>Arrays of one exact length (the framework's pools give longer ones, which tensors cannot take over whole).</summary>
/// <param name="length">The arrays' length.</param>
/// <param name="capacity">The most arrays kept for reuse.</param>
internal sealed class PixelPool(int length, int capacity)
{
    private readonly ConcurrentBag<byte[]> _free = [];

    public byte[] Rent() => _free.TryTake(out var array) ? array : GC.AllocateUninitializedArray<byte>(length);

    public void Return(byte[] array)
    {
        if (array.Length == length && _free.Count < capacity)
        {
            _free.Add(array);
        }
    }
}
