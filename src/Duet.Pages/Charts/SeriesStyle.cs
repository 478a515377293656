// The colors and dashes of charts.
using Duet.Data;

namespace Duet.Pages.Charts;

/// <summary>The classes by which the style sheet colors what is drawn. A task has the same color in all charts of a page.</summary>
public static class SeriesStyle
{
    /// <summary>What is drawn of all tasks together.</summary>
    public const string Mean = "mean";

    // As many as the style sheet has colors and dashes for.
    private const int Styles = 6;

    /// <summary>The n-th series, counted from 0; a second round has the colors of the first and other dashes.</summary>
    public static string Of(int series) => $"s{(series % Styles) + 1}{(series / Styles % 2 == 1 ? " again" : string.Empty)}";

    /// <summary>A task, by its place among the run's tasks; one that the run does not have is drawn as the first.</summary>
    public static string Of(TaskSchema schema, string task)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var place = schema.Tasks.TakeWhile(own => !string.Equals(own.Name, task, StringComparison.Ordinal)).Count();
        return Of(place < schema.Tasks.Count ? place : 0);
    }
}
