// Finds labels that are probably wrong.
namespace Duet.Data.Checks;

/// <summary>
/// Confident learning (Northcutt, Jiang and Chuang, 2021, arXiv 1911.00068, section 3). A class's threshold is the mean probability that
/// out-of-fold predictions give to it on the rows labelled with it. The confident joint counts, per label i and class j, the rows whose
/// most probable class among those that reach their thresholds is j. Rows that reach none are not in it, about half of them, so it is
/// scaled to the rows of every label (equation 3); of the rows labelled i so many are suspect of being j, those with the largest margin
/// p(j) - p(i) ("prune by noise rate").
/// </summary>
internal static class ConfidentLearning
{
    /// <summary>The suspect rows of a task with one label per row: index, the likelier class and the margin, -1 to 1.</summary>
    /// <param name="probabilities">Out-of-fold probabilities <c>[rows, classes]</c>.</param>
    /// <param name="labels">The given classes.</param>
    public static List<(int Index, int Likelier, double Margin)> Suspects(float[][] probabilities, int[] labels)
    {
        var rows = Enumerable.Range(0, labels.Length).ToLookup(row => labels[row]);
        var joint = Joint(probabilities, labels);
        var suspects = new Dictionary<int, (int Likelier, double Margin)>();
        foreach (var labelled in rows)
        {
            var counted = joint[labelled.Key].Sum();
            for (var other = 0; other < joint.Length; other++)
            {
                if (other == labelled.Key || joint[labelled.Key][other] == 0)
                {
                    continue;
                }

                var wrong = (int)Math.Round((double)joint[labelled.Key][other] * labelled.Count() / counted);
                foreach (
                    var (row, margin) in labelled
                        .Select(row => (row, Margin: (double)probabilities[row][other] - probabilities[row][labelled.Key]))
                        .OrderByDescending(row => row.Margin)
                        .Take(wrong)
                )
                {
                    if (!suspects.TryGetValue(row, out var known) || known.Margin < margin)
                    {
                        suspects[row] = (other, margin);
                    }
                }
            }
        }

        return [.. suspects.OrderBy(suspect => suspect.Key).Select(suspect => (suspect.Key, suspect.Value.Likelier, suspect.Value.Margin))];
    }

    /// <summary>The suspect labels of a task with several per row: every class is a task of its own with the classes "not given" and
    /// "given".</summary>
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

    // Rows by label and confident class, [classes][classes].
    private static int[][] Joint(float[][] probabilities, int[] labels)
    {
        var classes = probabilities[0].Length;
        var thresholds = Enumerable.Repeat(double.PositiveInfinity, classes).ToArray();
        foreach (var labelled in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]))
        {
            thresholds[labelled.Key] = labelled.Average(row => (double)probabilities[row][labelled.Key]);
        }

        var joint = new int[classes][];
        for (var label = 0; label < classes; label++)
        {
            joint[label] = new int[classes];
        }

        for (var row = 0; row < labels.Length; row++)
        {
            if (Confident(thresholds, probabilities[row]) is >= 0 and var confident)
            {
                joint[labels[row]][confident]++;
            }
        }

        return joint;
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
