// Whether a difference on the same products would show on others.
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Says what a paired test found. Such a test draws products, never new trainings: it takes the models as they are.</summary>
internal static class PairedVerdict
{
    /// <summary>The head of a column of verdicts.</summary>
    public const string Head = "beyond the choice of products";

    private const double Significant = 0.05;
    private const double LeastShown = 0.001;

    /// <summary>The verdict.</summary>
    /// <param name="p">The test's p; null where nothing was tested.</param>
    public static string Of(double? p) => p switch { null => Words.None, < Significant => "yes", _ => "not shown" };

    /// <summary>The test's p in letters.</summary>
    /// <param name="p">The test's p; null where nothing was tested.</param>
    public static string Value(double? p) => p is < LeastShown ? $"< {Words.Decimal(LeastShown)}" : Words.Decimal(p);
}
