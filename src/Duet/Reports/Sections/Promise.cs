// Whether a promised precision was kept.
using System.Xml.Linq;
using Duet.Metrics;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Says in a word or two what came of a promise on other rows.</summary>
internal static class Promise
{
    private const string Broken = "broken";

    /// <summary>How the words of <see cref="Verdict"/> are meant.</summary>
    public const string Meaning = "Kept: at least as precise as promised. Within chance: less, but the interval still holds the promise. Broken: less, and not by chance.";

    /// <summary>The verdict.</summary>
    /// <param name="precision">The precision of accepted answers; null where there are none.</param>
    /// <param name="target">The promise.</param>
    /// <param name="nothing">What is said where there are none.</param>
    public static string Verdict(ConfidenceInterval? precision, double target, string nothing) => precision switch
    {
        null => nothing,
        { Estimate: var estimate } when estimate >= target => "kept",
        { High: var high } when high >= target => "within chance",
        _ => Broken,
    };

    /// <summary>The verdict in a table; a broken promise stands out.</summary>
    /// <param name="precision">The precision of accepted answers; null where there are none.</param>
    /// <param name="target">The promise.</param>
    /// <param name="nothing">What is said where there are none.</param>
    public static XElement Cell(ConfidenceInterval? precision, double target, string nothing)
    {
        var verdict = Verdict(precision, target, nothing);
        return Html.Of("td", string.Equals(verdict, Broken, StringComparison.Ordinal) ? Html.Of("span.wrong", verdict) : verdict);
    }
}
