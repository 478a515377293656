// What the model went by.
using System.Xml.Linq;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The mean weight of picture and text in every task.</summary>
internal sealed class SharesSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "shares";

    /// <inheritdoc/>
    public string Title => "Picture or text";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { } measured)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        if (measured.ImageShares.Count == 0)
        {
            yield return Html.Paragraph($"{data.Run.System.Title} has no modality-wise attention, so it does not say how much picture and text weigh.");
            yield break;
        }

        yield return Html.Table(
            "How much the picture weighed against the text, mean over products",
            [Html.ColumnHead("task"), Html.ColumnHead("picture | text"), Html.ColumnHead("picture", number: true), Html.ColumnHead("text", number: true)],
            measured.ImageShares.Select(IEnumerable<XElement> (task) =>
            [
                Html.RowHead(Html.Given(task.Key)),
                Html.Of("td.wide", ShareBar.Draw(task.Value)),
                Html.Number(Words.WholePercent(task.Value)),
                Html.Number(Words.WholePercent(1 - task.Value)),
            ]));
        yield return Html.Of("p.note", "These are the weights of modality-wise attention. They tell how the model mixes the two, not what would happen without one of them.");
    }
}
