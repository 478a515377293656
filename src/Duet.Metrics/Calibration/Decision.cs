// Whether an answer can be published unseen, and why not.
using System.Globalization;

namespace Duet.Metrics.Calibration;

/// <summary>The decision on an answer of a calibrated run.</summary>
/// <param name="Review">Why the answer needs review; null where it is accepted.</param>
/// <param name="Reason">The same in words, <c>below 0.83</c> for instance; null where it is accepted.</param>
public sealed record Decision(ReviewReason? Review, string? Reason)
{
    /// <summary>The answer keeps the promised precision.</summary>
    public static Decision Accept { get; } = new(null, null);

    /// <summary>The product is unlike the catalogue.</summary>
    public static Decision Unlike { get; } = new(ReviewReason.UnlikeTheCatalogue, "unlike the catalogue");

    /// <summary>No threshold keeps the promise.</summary>
    public static Decision NotReachable { get; } = new(ReviewReason.NotReachable, "not reachable");

    /// <summary>No class is given.</summary>
    public static Decision NothingGiven { get; } = new(ReviewReason.NothingGiven, "no class reaches the threshold of giving");

    /// <summary>Whether the answer is accepted.</summary>
    public bool Accepted => Review is null;

    /// <summary>Nothing was certified for these inputs.</summary>
    public static Decision WithoutCertificate(InputPattern pattern) => new(ReviewReason.NoCertificate, $"no certificate for {pattern}");

    /// <summary>The probability is below the threshold.</summary>
    public static Decision Below(double threshold) => new(ReviewReason.BelowThreshold, $"below {Shown(threshold)}");

    /// <summary>The decision in words: <c>accepted</c>, or <c>review: </c> with the reason.</summary>
    public override string ToString() => Accepted ? "accepted" : $"review: {Reason}";

    // Rounded up, so that no answer seems to have reached it; near 1 two digits would say nothing.
    private static string Shown(double threshold)
    {
        var digits = threshold < 0.99 ? 100 : 10_000;
        return (Math.Ceiling((threshold * digits) - 1e-9) / digits).ToString("0.00##", CultureInfo.InvariantCulture);
    }
}

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
