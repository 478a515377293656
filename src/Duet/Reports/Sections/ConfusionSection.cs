// Which classes are taken for one another.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The most frequent mistakes of every task, with pictures.</summary>
internal sealed class ConfusionSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "confusions";

    /// <inheritdoc/>
    public string Title => "Confusions";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { } measured)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        foreach (var (task, pairs) in measured.Confusions)
        {
            yield return Html.Of("h3", Html.Given(task));
            yield return pairs.Count == 0 ? Html.Paragraph("No mistakes.") : Html.Of("ul.pairs", pairs.Select(Pair));
        }

        if (measured.Report.Tasks.Values.Any(task => task.MultiLabel))
        {
            yield return Html.Of("p.note", "Tasks with several labels per product have no pairs: a wrong label there takes no other one's place. Their classes are listed under Results.");
        }
    }

    private static XElement Pair(ConfusedPair pair) => Html.Of(
        "li",
        Html.Of("p.pair", Html.Given(pair.Actual), Html.Of("span.arrow", " taken for "), Html.Given(pair.Predicted)),
        Html.Of("p.note", $"{Words.Count(pair.Count)} of {Words.Count(pair.Rows)} ({Words.Percent((double)pair.Count / pair.Rows)})"),
        Html.Of("div.thumbs", pair.Examples.Select(ProductCard.Picture)));
}
