// Finds labels that are probably wrong.
namespace Duet.Data.Checks;

/// <summary>
/// Confident learning (Northcutt, Jiang and Chuang, 2021, arXiv 1911.00068, section 3): a class's threshold is the mean probability that out-of-fold
/// predictions give to it on the rows labelled with it. A row counts as one of the likeliest class among those that reach their thresholds; where that
/// is not its label, the row is off the diagonal of the confident joint, and suspect. Suspects are ranked by the normalised margin, the probability
/// of the other class less that of the label.
/// </summary>
internal static class ConfidentLearning
{
    /// <summary>The suspect rows of a task with one label per row: index, the likelier class and the margin, -1 to 1.</summary>
    /// <param name="probabilities">Out-of-fold probabilities <c>[rows, classes]</c>.</param>
    /// <param name="labels">The given classes.</param>
    public static List<(int Index, int Likelier, double Margin)> Suspects(float[][] probabilities, int[] labels)
    {
        var classes = probabilities[0].Length;
        var thresholds = Thresholds(labels, classes, (row, label) => probabilities[row][label]);
        var suspects = new List<(int, int, double)>();
        for (var i = 0; i < labels.Length; i++)
        {
            var confident = Confident(thresholds, probabilities[i]);
            if (confident >= 0 && confident != labels[i])
            {
                suspects.Add((i, confident, probabilities[i][confident] - probabilities[i][labels[i]]));
            }
        }

        return suspects;
    }

    /// <summary>The suspect labels of a task with several per row: every class is a task of its own with the classes "not given" and "given".</summary>
    /// <param name="probabilities">Out-of-fold probabilities of every class, <c>[rows, classes]</c>.</param>
    /// <param name="labels">The given classes of every row.</param>
    /// <returns>Row, class, whether it is given, and the margin by which it looks as if it should be the other way round.</returns>
    public static List<(int Index, int Class, bool IsGiven, double Margin)> Suspects(float[][] probabilities, int[][] labels)
    {
        var suspects = new List<(int, int, bool, double)>();
        for (var label = 0; label < probabilities[0].Length; label++)
        {
            var given = Array.ConvertAll(labels, row => row.Contains(label) ? 1 : 0);
            float[][] binary = [.. probabilities.Select(row => (float[])[1 - row[label], row[label]])];
            suspects.AddRange(Suspects(binary, given).Select(suspect => (suspect.Index, label, given[suspect.Index] == 1, suspect.Margin)));
        }

        return suspects;
    }

    // The mean self-confidence of every class; a class without rows is nobody's.
    private static double[] Thresholds(int[] labels, int classes, Func<int, int, float> probability)
    {
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var i = 0; i < labels.Length; i++)
        {
            sums[labels[i]] += probability(i, labels[i]);
            counts[labels[i]]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count > 0 ? sum / count : double.PositiveInfinity)];
    }

    private static int Confident(double[] thresholds, float[] probabilities)
    {
        var likeliest = -1;
        for (var label = 0; label < thresholds.Length; label++)
        {
            if (probabilities[label] >= thresholds[label] && (likeliest < 0 || probabilities[label] > probabilities[likeliest]))
            {
                likeliest = label;
            }
        }

        return likeliest;
    }
}
