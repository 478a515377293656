// How the model bears spoilt inputs.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Accuracy and modality shares under noise, where a sweep was run.</summary>
internal sealed class RobustnessSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "robustness";

    /// <inheritdoc/>
    public string Title => "Robustness";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        yield return Html.Absent("No inputs were spoilt yet. To see how accuracy and shares bear noise, wrong and missing inputs:", Wanted.Command(data, "robustness", "--split", "test"));
    }
}
