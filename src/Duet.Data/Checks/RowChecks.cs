// What rows lack, and what they share with other rows.
using System.Collections.Concurrent;
using System.Globalization;

namespace Duet.Data.Checks;

/// <summary>Missing inputs, values that say nothing, and duplicates.</summary>
internal static class RowChecks
{
    /// <summary>Rows without a usable picture or without text.</summary>
    public static void AddMissing(List<Product> products, ConcurrentDictionary<string, PictureFingerprint> pictures, List<DataIssue> issues)
    {
        foreach (var product in products)
        {
            if (!product.Images.Any(pictures.ContainsKey))
            {
                issues.Add(
                    new DataIssue(
                        DataIssueKind.NoPicture,
                        product.Row,
                        product.Id,
                        product.HasImage ? "none of its pictures can be used" : "the row names no picture"
                    )
                );
            }

            if (!product.HasText)
            {
                issues.Add(new DataIssue(DataIssueKind.NoText, product.Row, product.Id, "the row has no text"));
            }
        }
    }

    /// <summary>Pictures and texts that occur in so many rows that they say nothing about a product.</summary>
    public static List<CommonValue> AddCommon(
        List<Product> products,
        List<string> texts,
        ConcurrentDictionary<string, PictureFingerprint> pictures,
        List<DataIssue> issues
    )
    {
        var hashes = pictures.ToDictionary(
            picture => picture.Key,
            picture => Convert.ToHexString(picture.Value.Content),
            StringComparer.Ordinal
        );
        var common = CommonPicture.Find(products, hashes.GetValueOrDefault);
        var keys = common.Select(picture => picture.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var product in products)
        {
            issues.AddRange(
                product
                    .Images.Where(path => keys.Contains(hashes.GetValueOrDefault(path, string.Empty)))
                    .Select(path => new DataIssue(
                        DataIssueKind.PlaceholderPicture,
                        product.Row,
                        product.Id,
                        "the picture is used by many rows; it looks like a placeholder"
                    )
                    {
                        File = path,
                    })
            );
        }

        var sentences = texts
            .Select((text, index) => (text, index))
            .Where(row => row.text.Length > 0)
            .GroupBy(row => row.text, row => row.index, StringComparer.Ordinal)
            .Where(rows => CommonPicture.IsCommon(rows.Count(), products.Count))
            .OrderByDescending(rows => rows.Count())
            .ThenBy(rows => rows.First())
            .ToArray();
        issues.AddRange(
            sentences
                .SelectMany(rows => rows)
                .Select(index => new DataIssue(
                    DataIssueKind.PlaceholderText,
                    products[index].Row,
                    products[index].Id,
                    "the text occurs in many rows; it says nothing about this product"
                ))
        );
        return
        [
            .. common.Select(picture => new CommonValue("picture", picture.File, picture.Rows)),
            .. sentences.Select(rows => new CommonValue("text", products[rows.First()].Text, rows.Count())),
        ];
    }

    /// <summary>Rows with the picture or the text of another row, and those whose twin is in another split.</summary>
    public static void AddTwins(List<Product> products, List<string> texts, PictureTwins pictures, List<DataIssue> issues)
    {
        var byText = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            var (same, near) = (pictures.Same(i), pictures.Near(i));
            var earlier = texts[i].Length == 0 ? [] : byText.GetValueOrDefault(texts[i]) ?? [];
            Add(DataIssueKind.SamePicture, same.Take(1), "the picture's content is that of row");
            Add(DataIssueKind.NearPicture, same.Any() ? [] : near.Take(1), "the picture looks like that of row");
            Add(DataIssueKind.SameText, earlier.Take(1), "the text is that of row");

            // One line per row, for the strongest reason; the later row in the table is named, whichever split it is in.
            (IEnumerable<int> Twins, string Why)[] reasons =
            [
                (same, "the same picture"),
                (near, "a picture that looks the same"),
                (earlier, "the same text"),
            ];
            var leak = reasons
                .SelectMany(reason =>
                    reason.Twins.Where(twin => InOtherSplit(products[i], products[twin])).Take(1).Select(twin => (twin, reason.Why))
                )
                .Take(1);
            foreach (var (twin, why) in leak)
            {
                Add(DataIssueKind.Leak, [twin], $"in {products[i].Split}, and {why} is in {products[twin].Split}, row");
            }

            if (texts[i].Length > 0)
            {
                (byText.TryGetValue(texts[i], out var rows) ? rows : byText[texts[i]] = []).Add(i);
            }

            void Add(DataIssueKind kind, IEnumerable<int> twins, string what)
            {
                foreach (var twin in twins)
                {
                    issues.Add(
                        new DataIssue(
                            kind,
                            products[i].Row,
                            products[i].Id,
                            string.Create(CultureInfo.InvariantCulture, $"{what} {products[twin].Row}")
                        )
                        {
                            OtherRow = products[twin].Row,
                            OtherId = products[twin].Id,
                        }
                    );
                }
            }
        }
    }

    private static bool InOtherSplit(Product a, Product b) =>
        Splitter.CanonicalName(a.Split) is { } one
        && Splitter.CanonicalName(b.Split) is { } other
        && !string.Equals(one, other, StringComparison.Ordinal);
}
