// Exact statements about a share that was counted on finitely many rows.
using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace Duet.Metrics.Calibration;

/// <summary>
/// Exact binomial tests and bounds (Clopper and Pearson 1934). With k of n right and P(X >= k; n, p) = I_p(k, n - k + 1), where I is the
/// regularised incomplete beta function, the one-sided lower bound at confidence 1 - d is the p that solves I_p(k, n - k + 1) = d.
/// They hold for every n; no normal approximation is made.
/// </summary>
public static class BinomialBounds
{
    private const double Accuracy = 1e-12;

    /// <summary>The chance to see at least <paramref name="right"/> of <paramref name="rows"/> right if each is right with chance
    /// <paramref name="share"/>: the p-value of "the share is below".</summary>
    /// <param name="rows">n, at least 0.</param>
    /// <param name="right">k, 0 to n; may be fractional, for expectations.</param>
    /// <param name="share">p, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double UpperTail(double rows, double right, double share)
    {
        Check(rows, right);
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share must be between 0 and 1.");
        }

        return right <= 0 ? 1 : SpecialFunctions.BetaRegularized(right, rows - right + 1, share);
    }

    /// <summary>The one-sided lower bound of the share; 0 where nothing is right.</summary>
    /// <param name="rows">n.</param>
    /// <param name="right">k.</param>
    /// <param name="confidence">1 - d, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double Lower(long rows, long right, double confidence)
    {
        Check(rows, right);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence must be between 0 and 1.");
        }

        var risk = 1 - confidence;
        return right == 0 ? 0
            : right == rows ? Math.Pow(risk, 1.0 / rows)
            : Brent.FindRoot(share => SpecialFunctions.BetaRegularized(right, rows - right + 1, share) - risk, 0, 1, Accuracy, 200);
    }

    /// <summary>The one-sided upper bound of the share; 1 where all is right.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double Upper(long rows, long right, double confidence) => 1 - Lower(rows, rows - right, confidence);

    /// <summary>The two-sided interval of the share: half of the risk on either side.</summary>
    /// <returns>The interval; null where there are no rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ConfidenceInterval? Interval(long rows, long right, double level = 0.95)
    {
        Check(rows, right);
        var oneSided = (1 + level) / 2;
        return rows == 0
            ? null
            : new ConfidenceInterval((double)right / rows, Lower(rows, right, oneSided), Upper(rows, right, oneSided), level);
    }

    /// <summary>How many rows, all of them right, it takes at least to show a share with a confidence: the least n with share^n &lt;= 1 -
    /// confidence.</summary>
    public static int MinRows(double share, double confidence) => (int)Math.Ceiling((Math.Log(1 - confidence) / Math.Log(share)) - 1e-9);

    private static void Check(double rows, double right)
    {
        if (!(rows >= 0 && right >= 0 && right <= rows))
        {
            throw new ArgumentOutOfRangeException(nameof(right), right, $"Of {rows} rows 0 to {rows} are right.");
        }
    }
}
