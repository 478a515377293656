// Chooses a threshold among many without breaking the promise that is made for it.
using System.Globalization;

namespace Duet.Metrics.Calibration;

/// <summary>
/// Split fixed-sequence testing (Learn then Test, Angelopoulos et al. 2021, arXiv 2110.01052, sections 2.3 and 3). One part of the rows,
/// the pilot, proposes thresholds and their order: it begins at the one with the best chance to be certified and goes down. The other
/// part tests, one after the other, "the precision at t is below P" with the exact binomial p-value
/// P(X >= k; n, P), k right of n accepted, and stops at the first that exceeds 1 - confidence. The last threshold before that is taken.
/// Since order and thresholds are fixed before the testing rows are looked at, a false threshold is certified only if the first false one
/// of the sequence is, so with chance 1 - confidence at most, however many are tested.
/// </summary>
public static class ThresholdSearch
{
    private const int MaxSteps = 50;

    /// <summary>Looks for the lowest threshold that can be certified.</summary>
    /// <param name="pilot">Decisions that propose; may be empty, then only "accept all" is tested.</param>
    /// <param name="testing">Decisions that test: independent of each other and of everything that was fitted.</param>
    /// <param name="precision">The promised precision, in (0, 1).</param>
    /// <param name="confidence">The confidence, in (0, 1).</param>
    public static PrecisionThreshold Find(Decisions pilot, Decisions testing, double precision, double confidence)
    {
        ArgumentNullException.ThrowIfNull(pilot);
        ArgumentNullException.ThrowIfNull(testing);
        var needed = BinomialBounds.MinRows(precision, confidence);
        var culture = CultureInfo.InvariantCulture;
        if (testing.Count < needed)
        {
            return PrecisionThreshold.NotReachable(
                testing.Count,
                string.Create(
                    culture,
                    $"{testing.Count} answers are too few: even if all were right, {needed} are needed to show a precision of "
                        + $"{precision:0.####} with confidence {confidence:0.####}"
                )
            );
        }

        double? found = null;
        (int Accepted, int Right) counts = (0, 0),
            last = (0, 0);
        foreach (var threshold in Sequence(pilot, testing.Count, precision))
        {
            last = testing.At(threshold);
            if (BinomialBounds.UpperTail(last.Accepted, last.Right, precision) > 1 - confidence)
            {
                break;
            }

            (found, counts) = (threshold, last);
        }

        return found is null
            ? PrecisionThreshold.NotReachable(
                testing.Count,
                string.Create(
                    culture,
                    $"the most promising threshold accepts {last.Accepted} of {testing.Count} answers and {last.Right} of them are "
                        + $"right, which does not show a precision of {precision:0.####} with confidence {confidence:0.####}"
                )
            )
            : new PrecisionThreshold
            {
                // Below the least confident row that certified it nothing was ever seen.
                Threshold = testing.LowestAccepted(found.Value),
                Rows = testing.Count,
                Accepted = counts.Accepted,
                Right = counts.Right,
                LowerBound = BinomialBounds.Lower(counts.Accepted, counts.Right, confidence),
            };
    }

    /// <summary>The thresholds to test, in order: of pilot rows alone.</summary>
    private static IEnumerable<double> Sequence(Decisions pilot, int testingRows, double precision)
    {
        var steps = pilot.Steps();
        var stride = Math.Max(1, (steps.Count + MaxSteps - 1) / MaxSteps);

        // Counted from the end, so that the step with all pilot rows is among them; below it nothing but "accept all" is left.
        var kept = steps.Where((_, i) => (steps.Count - 1 - i) % stride == 0).ToList();
        var start = 0;
        var best = double.PositiveInfinity;
        for (var i = 0; i < kept.Count; i++)
        {
            // Half a right and half a wrong row are added (Jeffreys 1946): three of three right is not yet certainty.
            var share = (kept[i].Right + 0.5) / (kept[i].Accepted + 1);
            var expected = (double)kept[i].Accepted * testingRows / pilot.Count;
            var chance = BinomialBounds.UpperTail(expected, share * expected, precision);
            if (chance < best)
            {
                (start, best) = (i, chance);
            }
        }

        return [.. kept.Skip(start).Select(step => step.Threshold), 0];
    }
}
