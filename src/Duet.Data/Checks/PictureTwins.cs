// Which earlier rows share a picture with a row.
namespace Duet.Data.Checks;

/// <summary>Earlier rows with the same or a similar picture.</summary>
internal sealed class PictureTwins
{
    private readonly Dictionary<string, int> indexes;
    private readonly int[] content;
    private readonly int[] looks;
    private readonly IReadOnlyList<Product> products;
    private readonly IReadOnlyList<PictureFingerprint?> prints;
    private readonly Dictionary<int, List<int>> rowsByContent = [];
    private readonly Dictionary<int, List<int>> rowsByLooks = [];

    /// <summary>Prepares the look-up.</summary>
    /// <param name="products">The rows.</param>
    /// <param name="paths">Every picture once.</param>
    /// <param name="prints">Their fingerprints; null for those that make no twins: missing and broken ones, and placeholders.</param>
    /// <param name="near">Per picture an earlier one that looks like it, or -1.</param>
    public PictureTwins(IReadOnlyList<Product> products, IReadOnlyList<string> paths, IReadOnlyList<PictureFingerprint?> prints, int[] near)
    {
        (this.products, this.prints) = (products, prints);
        indexes = paths.Select((path, index) => (path, index)).ToDictionary(pair => pair.path, pair => pair.index, StringComparer.Ordinal);
        var firstOfContent = new Dictionary<string, int>(StringComparer.Ordinal);
        content = new int[paths.Count];
        looks = new int[paths.Count];
        for (var i = 0; i < paths.Count; i++)
        {
            var first = i;
            if (prints[i] is { } print && !firstOfContent.TryAdd(Convert.ToHexString(print.Content), i))
            {
                first = firstOfContent[Convert.ToHexString(print.Content)];
            }

            // Chains of likeness end in one group: what looks like a copy looks like the original.
            content[i] = first;
            looks[i] = first < i ? looks[first] : near[i] >= 0 ? looks[near[i]] : i;
        }

        for (var row = 0; row < products.Count; row++)
        {
            foreach (var picture in products[row].Images.Select(path => indexes[path]))
            {
                (rowsByContent.TryGetValue(content[picture], out var same) ? same : rowsByContent[content[picture]] = []).Add(row);
                (rowsByLooks.TryGetValue(looks[picture], out var alike) ? alike : rowsByLooks[looks[picture]] = []).Add(row);
            }
        }
    }

    /// <summary>Earlier rows with a picture of the same content.</summary>
    public IEnumerable<int> Same(int row) => Earlier(row, content, rowsByContent);

    /// <summary>Earlier rows with a picture that looks the same, those of the same content among them.</summary>
    public IEnumerable<int> Near(int row) => Earlier(row, looks, rowsByLooks);

    private IEnumerable<int> Earlier(int row, int[] groups, Dictionary<int, List<int>> rows) =>
        products[row].Images.Where(path => prints[indexes[path]] is not null).SelectMany(path => rows[groups[indexes[path]]].TakeWhile(other => other < row));
}
