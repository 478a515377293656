// Which earlier rows share a picture with a row.
namespace Duet.Data.Checks;

/// <summary>Earlier rows with the same or a similar picture.</summary>
internal sealed class PictureTwins
{
    private readonly Dictionary<string, int> _indexes;
    private readonly int[] _content;
    private readonly int[] _looks;
    private readonly IReadOnlyList<Product> _products;
    private readonly IReadOnlyList<PictureFingerprint?> _prints;
    private readonly Dictionary<int, List<int>> _rowsByContent = [];
    private readonly Dictionary<int, List<int>> _rowsByLooks = [];

    /// <summary>Prepares the look-up.</summary>
    /// <param name="products">The rows.</param>
    /// <param name="paths">Every picture once.</param>
    /// <param name="prints">Their fingerprints; null for those that make no twins: missing and broken ones, and placeholders.</param>
    /// <param name="near">Per picture an earlier one that looks like it, or -1.</param>
    public PictureTwins(IReadOnlyList<Product> products, IReadOnlyList<string> paths, IReadOnlyList<PictureFingerprint?> prints, int[] near)
    {
        (_products, _prints) = (products, prints);
        _indexes = paths.Select((path, index) => (path, index)).ToDictionary(pair => pair.path, pair => pair.index, StringComparer.Ordinal);
        var firstOfContent = new Dictionary<string, int>(StringComparer.Ordinal);
        _content = new int[paths.Count];
        _looks = new int[paths.Count];
        for (var i = 0; i < paths.Count; i++)
        {
            var first = i;
            if (prints[i] is { } print && !firstOfContent.TryAdd(Convert.ToHexString(print.Content), i))
            {
                first = firstOfContent[Convert.ToHexString(print.Content)];
            }

            // Chains of likeness end in one group: what looks like a copy looks like the original.
            _content[i] = first;
            _looks[i] =
                first < i ? _looks[first]
                : near[i] >= 0 ? _looks[near[i]]
                : i;
        }

        for (var row = 0; row < products.Count; row++)
        {
            foreach (var picture in products[row].Images.Select(path => _indexes[path]))
            {
                (_rowsByContent.TryGetValue(_content[picture], out var same) ? same : _rowsByContent[_content[picture]] = []).Add(row);
                (_rowsByLooks.TryGetValue(_looks[picture], out var alike) ? alike : _rowsByLooks[_looks[picture]] = []).Add(row);
            }
        }
    }

    /// <summary>Earlier rows with a picture of the same content.</summary>
    public IEnumerable<int> Same(int row) => Earlier(row, _content, _rowsByContent);

    /// <summary>Earlier rows with a picture that looks the same, those of the same content among them.</summary>
    public IEnumerable<int> Near(int row) => Earlier(row, _looks, _rowsByLooks);

    private IEnumerable<int> Earlier(int row, int[] groups, Dictionary<int, List<int>> rows) =>
        _products[row]
            .Images.Where(path => _prints[_indexes[path]] is not null)
            .SelectMany(path => rows[groups[_indexes[path]]].TakeWhile(other => other < row));
}
