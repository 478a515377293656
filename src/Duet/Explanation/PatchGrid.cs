// Scores over a picture, cell by cell.
namespace Duet.Explanation;

/// <summary>A grid over the square that the model sees, row by row from the top left.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Scores"><c>Rows * Columns</c> scores.</param>
public sealed record PatchGrid(int Rows, int Columns, IReadOnlyList<double> Scores)
{
    /// <summary>The place of the highest score, as shares of width and height: the middle of its cell. Of equals the first.</summary>
    public (double X, double Y) Peak()
    {
        var best = 0;
        for (var i = 1; i < Scores.Count; i++)
        {
            best = Scores[i] > Scores[best] ? i : best;
        }

        return (((best % Columns) + 0.5) / Columns, ((best / Columns) + 0.5) / Rows);
    }

    /// <summary>The same sum of scores on another grid: each cell's score is spread evenly over its area.</summary>
    /// <param name="rows">Rows of the other grid.</param>
    /// <param name="columns">Its columns.</param>
    public PatchGrid Resample(int rows, int columns)
    {
        if (rows == Rows && columns == Columns)
        {
            return this;
        }

        var result = new double[rows * columns];
        for (var i = 0; i < result.Length; i++)
        {
            for (var j = 0; j < Scores.Count; j++)
            {
                result[i] +=
                    Scores[j] * Overlap(j / Columns, Rows, i / columns, rows) * Overlap(j % Columns, Columns, i % columns, columns);
            }
        }

        return new PatchGrid(rows, columns, result);
    }

    // The part of interval "from" of so many equal ones that lies in interval "to" of another division.
    private static double Overlap(int from, int fromCount, int to, int toCount) =>
        Math.Max(0, Math.Min((from + 1.0) / fromCount, (to + 1.0) / toCount) - Math.Max((double)from / fromCount, (double)to / toCount))
        * fromCount;
}
