// Why people should look at an answer.
namespace Duet.Metrics.Calibration;

/// <summary>Why an answer needs review.</summary>
public enum ReviewReason
{
    /// <summary>Its probability is below the threshold.</summary>
    BelowThreshold,

    /// <summary>Nothing was certified for products with these inputs.</summary>
    NoCertificate,

    /// <summary>The product is unlike those that the certificate was made with.</summary>
    UnlikeTheCatalogue,

    /// <summary>The rows could not show the promised precision for any threshold.</summary>
    NotReachable,

    /// <summary>A multi-label answer that gives no class.</summary>
    NothingGiven,
}
