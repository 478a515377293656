// The ways to correct probabilities.
namespace Duet.Metrics.Calibration;

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
