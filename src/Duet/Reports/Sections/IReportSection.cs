// One part of the page.
using System.Xml.Linq;

namespace Duet.Reports.Sections;

/// <summary>A section. Its heading is of the second level; headings inside begin at the third.</summary>
internal interface IReportSection
{
    /// <summary>Its anchor.</summary>
    string Id { get; }

    /// <summary>Its heading.</summary>
    string Title { get; }

    /// <summary>What stands in it; a section whose source is absent says which command would fill it.</summary>
    IEnumerable<XElement> Content(ReportData data);
}
