// What a calibration is asked for.

namespace Duet.Metrics.Calibration;

/// <summary>The promise that thresholds must keep, and how probabilities are corrected.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The share of right answers wanted among the accepted ones, in (0, 1).</summary>
    public double Precision { get; init; } = 0.95;

    /// <summary>How sure it must be that a threshold keeps <see cref="Precision"/> on new products of the same kind, in (0, 1).</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Whether every class gets a threshold of its own.</summary>
    public bool PerClass { get; init; }

    /// <summary>How probabilities are corrected.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Temperature;

    /// <summary>
    /// The share of the labelled rows that fits the correction and the order of the tests, 0.1 to 0.9; the others certify thresholds and
    /// are seen by nothing else, which the guarantee needs.
    /// </summary>
    public double FitShare { get; init; } = 0.3;

    /// <summary>The seed that deals rows to the two parts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The share of the certifying rows that may lie beyond the novelty limit, 0.001 to 0.5: their answers need review.</summary>
    public double Outside { get; init; } = 0.01;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        OptionException.Require(
            Precision is > 0 and < 1,
            $"{nameof(Precision)} is {Precision}; it must be between 0 and 1: no finite number of rows can promise 1."
        );
        OptionException.Require(
            Confidence is > 0 and < 1,
            $"{nameof(Confidence)} is {Confidence}; it must be between 0 and 1: no finite number of rows can be certain."
        );
        OptionException.Require(
            FitShare is >= 0.1 and <= 0.9,
            $"{nameof(FitShare)} is {FitShare}; it must be in 0.1 to 0.9: both parts need rows."
        );
        OptionException.Require(
            Outside is >= 0.001 and <= 0.5,
            $"{nameof(Outside)} is {Outside}; it must be in 0.001 to 0.5: it is the share of usual products that may count as unlike "
                + $"the catalogue."
        );
        OptionException.Require(
            Enum.IsDefined(Method),
            $"{nameof(Method)} {Method} is unknown; there are temperature, vector and isotonic."
        );
    }
}

/// <summary>How a task's probabilities are corrected.</summary>
public enum CalibrationMethod
{
    /// <summary>One number divides all logits (Guo et al. 2017, arXiv 1706.04599). The most probable class stays the most probable. Needs
    /// few rows.</summary>
    Temperature,

    /// <summary>A factor and a shift per class (Guo et al. 2017), drawn towards temperature scaling; classes with few rows keep the
    /// temperature.</summary>
    Vector,

    /// <summary>A rising curve through the observed shares of right answers (Zadrozny and Elkan 2002), for the probability of the most
    /// probable class.</summary>
    Isotonic,
}
