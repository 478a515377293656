// Finds labels that are probably wrong.
namespace Duet.Data.Checks;

/// <summary>
/// Confident learning (Northcutt, Jiang and Chuang, 2021, arXiv 1911.00068): a class's threshold is the mean probability that out-of-fold predictions
/// give to it on the rows labelled with it. A row is suspect where another class than its label is the likeliest of those that reach their
/// thresholds, and likelier than its label.
/// </summary>
internal static class ConfidentLearning
{
    /// <summary>The suspect rows: index, the likelier class and by how much.</summary>
    /// <param name="probabilities">Out-of-fold probabilities <c>[rows, classes]</c>.</param>
    /// <param name="labels">The given classes.</param>
    public static List<(int Index, int Likelier, double Margin)> Suspects(float[][] probabilities, int[] labels)
    {
        var classes = probabilities[0].Length;
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var i = 0; i < labels.Length; i++)
        {
            sums[labels[i]] += probabilities[i][labels[i]];
            counts[labels[i]]++;
        }

        var suspects = new List<(int, int, double)>();
        for (var i = 0; i < labels.Length; i++)
        {
            var likeliest = -1;
            for (var c = 0; c < classes; c++)
            {
                if (counts[c] > 0 && probabilities[i][c] >= sums[c] / counts[c] && (likeliest < 0 || probabilities[i][c] > probabilities[i][likeliest]))
                {
                    likeliest = c;
                }
            }

            var margin = likeliest < 0 ? 0 : probabilities[i][likeliest] - probabilities[i][labels[i]];
            if (margin > 0)
            {
                suspects.Add((i, likeliest, margin));
            }
        }

        return suspects;
    }
}
