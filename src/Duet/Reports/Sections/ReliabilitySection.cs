// Whether confidences can be believed.
using System.Xml.Linq;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>A reliability diagram per task.</summary>
internal sealed class ReliabilitySection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "reliability";

    /// <inheritdoc/>
    public string Title => "Reliability";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { } measured)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        yield return Html.Of("div.charts", measured.Report.Tasks.Select((task, i) =>
            new ReliabilityChart($"reliability-{i}", task.Key, task.Value.Reliability, TaskStyle.Of(data.Run.Schema, task.Key), $"Calibration error {Words.Decimal(task.Value.Ece)}.").Draw()));
        yield return Html.Of(
            "p.note",
            "Bars: how many answers of a confidence are right; pale ones stand for few answers. Bars above the dashed line: more careful than need be; below it: surer than it should be.");
    }
}
