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
    public static int[] Find(IReadOnlyList<Product> products, bool byText, bool byImage, CancellationToken cancellation = default)
    {
        var sets = new DisjointSets(products.Count);
        JoinBy(products, sets, product => product.Group is { } group ? [group] : []);
        if (byText)
        {
            JoinBy(products, sets, product => Normalize(TitleOf(product)) is { Length: > 0 } title ? [title] : []);
        }

        if (byImage)
        {
            var hashes = PictureHashes(products, cancellation);
            JoinBy(products, sets, product => product.Images.Select(hashes.GetValueOrDefault).OfType<string>());
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

    // Of several text columns the first is the title; what stands in the others (a description, the care of a cloth) may be the same for half a catalogue.
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

    /// <summary>Content hashes of the pictures that may have a twin. Files of a size no other has are not read; unreadable ones have no hash.</summary>
    private static ConcurrentDictionary<string, string> PictureHashes(IReadOnlyList<Product> products, CancellationToken cancellation)
    {
        var paths = products.SelectMany(product => product.Images).Distinct(StringComparer.Ordinal);
        var candidates = paths.GroupBy(Length).Where(group => group.Key >= 0 && group.Skip(1).Any()).SelectMany(group => group).ToArray();
        var hashes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);

        // One file opened under several names is one key as well.
        foreach (var path in products.SelectMany(product => product.Images))
        {
            hashes.TryAdd(path, "path:" + path);
        }

        var decoder = new ImageDecoder();
        Parallel.ForEach(candidates, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, path =>
        {
            if (Hash(decoder, path) is { } hash)
            {
                hashes[path] = hash;
            }
        });
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
        private readonly int[] parent = [.. Enumerable.Range(0, count)];

        public void Join(int a, int b)
        {
            var (x, y) = (Root(a), Root(b));
            parent[Math.Max(x, y)] = Math.Min(x, y);
        }

        // Joining always hangs the larger root below the smaller, so every root is its set's smallest member.
        public int[] Smallest() => [.. Enumerable.Range(0, parent.Length).Select(Root)];

        private int Root(int item)
        {
            while (parent[item] != item)
            {
                parent[item] = parent[parent[item]];
                item = parent[item];
            }

            return item;
        }
    }
}
