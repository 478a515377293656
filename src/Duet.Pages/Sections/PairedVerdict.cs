// Whether a difference on the same products would show on others.
using static Duet.Pages.Format;

namespace Duet.Pages.Sections;

/// <summary>Says what a paired test found. Such a test resamples products, never trainings: it takes the models as they are.</summary>
internal static class PairedVerdict
{
    /// <summary>The heading of a column of verdicts.</summary>
    public const string Head = "significant (p < 0.05)";

    private const double Significant = 0.05;
    private const double LeastShown = 0.001;

    /// <summary>The verdict.</summary>
    /// <param name="p">The p-value; null where nothing was tested.</param>
    public static string Of(double? p) =>
        p switch
        {
            null => Missing,
            < Significant => "yes",
            _ => "no",
        };

    /// <summary>The p-value as a text.</summary>
    /// <param name="p">The p-value; null where nothing was tested.</param>
    public static string Value(double? p) => p is < LeastShown ? $"< {ThreeDecimals(LeastShown)}" : ThreeDecimals(p);
}
