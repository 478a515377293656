// One colour per task, in all charts of a page.
using Duet.Data;

namespace Duet.Reports.Charts;

/// <summary>Colours follow the order of the run's tasks, so that a task has the same one wherever it is drawn.</summary>
internal static class TaskStyle
{
    /// <summary>The class of what is drawn of all tasks together.</summary>
    public const string Mean = "mean";

    /// <summary>The class of a task.</summary>
    /// <param name="schema">The run's tasks.</param>
    /// <param name="task">The task; one that the run does not have is drawn as the first.</param>
    public static string Of(TaskSchema schema, string task)
    {
        var place = schema.Tasks.TakeWhile(own => !string.Equals(own.Name, task, StringComparison.Ordinal)).Count();
        return ChartFigure.Style(place < schema.Tasks.Count ? place : 0);
    }
}
