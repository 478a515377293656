// How to repeat what is shown.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The commands behind the figures.</summary>
internal sealed class RepeatSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "repeat";

    /// <inheritdoc/>
    public string Title => "Repeat it";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        foreach (var command in data.Commands)
        {
            yield return Html.Of("div.repeat", Html.Paragraph(command.Purpose), Html.Command(command.Command));
        }

        yield return Html.Of("p.note", $"Intervals are drawn with seed 1, so that they come out the same. On another processor the last digits may differ.");
    }
}
