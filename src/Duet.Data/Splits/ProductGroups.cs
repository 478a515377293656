// Finds products that must not be torn apart by a split: same title, same picture, same group column.
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Duet.Vision;

namespace Duet.Data;

/// <summary>Groups of products, joined by any shared key (union-find, so chains of shared keys end in one group).</summary>
internal static class ProductGroups
{
    /// <summary>The group of each product: the smallest index of its members.</summary>
    /// <param name="products">The products.</param>
    /// <param name="byText">Whether the same title joins.</param>
    /// <param name="byImage">Whether the same picture joins: the same file, or the same content. A file that is not there joins
    /// nothing.</param>
    /// <param name="placeholders">Hashes of pictures that join nothing.</param>
    /// <param name="common">Receives pictures behind so many rows that they do not distinguish products; they join nothing either.</param>
    /// <param name="anyPicture">Whether missing files and common pictures join all the same, see
    /// <see cref="SplitOptions.GroupByAnyPicture"/>.</param>
    /// <param name="cancellation">Stops the hashing of pictures.</param>
    public static int[] Find(
        IReadOnlyList<Product> products,
        bool byText,
        bool byImage,
        IReadOnlyCollection<string>? placeholders = null,
        ICollection<CommonPicture>? common = null,
        bool anyPicture = false,
        CancellationToken cancellation = default
    )
    {
        var sets = new DisjointSets(products.Count);
        JoinBy(products, sets, product => product.Group is { } group ? [group] : []);
        if (byText)
        {
            JoinBy(products, sets, product => Normalize(TitleOf(product)) is { Length: > 0 } title ? [title] : []);
        }

        if (byImage)
        {
            var hashes = PictureHashes(products, placeholders ?? [], anyPicture, cancellation);
            var found = anyPicture ? [] : CommonPicture.Find(products, path => hashes.GetValueOrDefault(path));
            var ignored = found.Select(picture => picture.Key).Concat(placeholders ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
            JoinBy(
                products,
                sets,
                product => product.Images.Select(hashes.GetValueOrDefault).OfType<string>().Where(key => !ignored.Contains(key))
            );
            foreach (var picture in found.Where(picture => !(placeholders ?? []).Contains(picture.Key, StringComparer.OrdinalIgnoreCase)))
            {
                common?.Add(picture);
            }
        }

        return sets.Smallest();
    }

    /// <summary>Letters and digits in lower case with single spaces between runs of them: what makes two titles "the same".</summary>
    public static string Normalize(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
            {
                normal.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (normal.Length > 0 && normal[^1] != ' ')
            {
                normal.Append(' ');
            }
        }

        return normal.ToString().TrimEnd();
    }

    // Of several text columns the first is the title; what is in the others (a description, the care of a cloth) may be the same for half a
    // catalogue.
    private static string TitleOf(Product product) => string.IsNullOrWhiteSpace(product.Title) ? product.Text : product.Title;

    private static void JoinBy(IReadOnlyList<Product> products, DisjointSets sets, Func<Product, IEnumerable<string>> keys)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            foreach (var key in keys(products[i]))
            {
                if (!first.TryAdd(key, i))
                {
                    sets.Join(first[key], i);
                }
            }
        }
    }

    /// <summary>
    /// Content hashes of the pictures that may have a twin, or be a placeholder that was named. Other files are not read and are identified
    /// by their path; missing ones have no key.
    /// </summary>
    private static ConcurrentDictionary<string, string> PictureHashes(
        IReadOnlyList<Product> products,
        IReadOnlyCollection<string> placeholders,
        bool missingToo,
        CancellationToken cancellation
    )
    {
        var bySize = products
            .SelectMany(product => product.Images)
            .Distinct(StringComparer.Ordinal)
            .GroupBy(Length)
            .Where(group => missingToo || group.Key >= 0)
            .ToArray();
        var candidates = bySize
            .Where(group => group.Key >= 0)
            .Where(group => placeholders.Count > 0 || group.Skip(1).Any())
            .SelectMany(group => group)
            .ToArray();

        // One file named by several rows is one key as well.
        var hashes = new ConcurrentDictionary<string, string>(
            bySize.SelectMany(group => group).Select(path => KeyValuePair.Create(path, CommonPicture.PathKey + path)),
            StringComparer.Ordinal
        );

        var decoder = new ImageDecoder();
        Parallel.ForEach(
            candidates,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            path =>
            {
                if (Hash(decoder, path) is { } hash)
                {
                    hashes[path] = hash;
                }
            }
        );
        return hashes;
    }

    private static long Length(string path)
    {
        if (PictureAddress.TryParse(path, out var address))
        {
            return address.Length;
        }

        var file = new FileInfo(path);
        return file.Exists ? file.Length : -1;
    }

    private static string? Hash(ImageDecoder decoder, string path)
    {
        try
        {
            return Convert.ToHexString(decoder.HashContent(path));
        }
        catch (ImageDecodeException)
        {
            // The decoder reports an unreadable picture with its row; here it merely joins nothing.
            return null;
        }
    }

    /// <summary>Union-find with path halving.</summary>
    private sealed class DisjointSets(int count)
    {
        private readonly int[] _parent = [.. Enumerable.Range(0, count)];

        public void Join(int a, int b)
        {
            var (x, y) = (Root(a), Root(b));
            _parent[Math.Max(x, y)] = Math.Min(x, y);
        }

        // Joining always puts the larger root below the smaller, so every root is its set's smallest member.
        public int[] Smallest() => [.. Enumerable.Range(0, _parent.Length).Select(Root)];

        private int Root(int item)
        {
            while (_parent[item] != item)
            {
                _parent[item] = _parent[_parent[item]];
                item = _parent[item];
            }

            return item;
        }
    }
}
