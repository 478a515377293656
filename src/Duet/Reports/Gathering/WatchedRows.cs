// What an evaluation knows of its rows beside predictions.
using Duet.Data;
using Duet.Inference;

namespace Duet.Reports.Gathering;

/// <summary>Keeps row numbers and the pictures' shares while an evaluation runs.</summary>
internal sealed class WatchedRows
{
    private readonly List<long> _rows = [];
    private readonly List<float[]> _shares = [];

    /// <summary>The table's row numbers, in the order of the predictions.</summary>
    public IReadOnlyList<long> Rows => _rows;

    /// <summary>Whether the system says what it relied on.</summary>
    public bool HasShares => _shares.Count > 0;

    /// <summary>Adds one row.</summary>
    public void Add(ProductBatch batch, BatchResult result, int row)
    {
        _rows.Add(batch.Rows[row]);
        if (result.Shares is { } all)
        {
            _shares.Add(Array.ConvertAll(all, task => task[row * 2]));
        }
    }

    /// <summary>The picture's share in a row's answer to a task; null if the system does not say.</summary>
    public double? ImageShare(int row, int task) => HasShares ? _shares[row][task] : null;

    /// <summary>The mean share of the picture in a task.</summary>
    public double MeanImageShare(int task) => _shares.Average(row => (double)row[task]);
}
