// How the tasks' losses become one.
namespace Duet.Training;

/// <summary>How the losses of several tasks are weighed.</summary>
public enum LossBalancing
{
    /// <summary>Their plain sum.</summary>
    Equal,

    /// <summary>Learned uncertainties: <c>sum exp(-s_k) L_k + s_k</c> (Kendall et al., arXiv 1705.07115).</summary>
    Uncertainty,
}
