// What all drawn charts have.
using System.Xml.Linq;

namespace Duet.Reports.Charts;

/// <summary>A drawing with a title, a description for those who do not see it, and the same in numbers.</summary>
internal abstract record Chart
{
    /// <summary>Unique in the page.</summary>
    public required string Id { get; init; }

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>What there is to see, in a sentence, for those who do not see it.</summary>
    public required string Description { get; init; }

    /// <summary>What one should know to read the chart.</summary>
    public string? Note { get; init; }

    /// <summary>The drawing in its figure.</summary>
    /// <param name="height">Its height; all charts are <see cref="Plot.Width"/> wide.</param>
    /// <param name="legend">The names of the series and their classes, none where there is nothing to tell apart.</param>
    /// <param name="numbers">The same in numbers.</param>
    /// <param name="drawing">The parts of the drawing.</param>
    protected XElement Figure(double height, IReadOnlyList<(string Name, string Style)> legend, XElement numbers, params object?[] drawing) =>
        ChartFigure.Of(Title, Svg.Image(Id, Plot.Width, height, Title, Description, drawing), legend, numbers, Note);
}
