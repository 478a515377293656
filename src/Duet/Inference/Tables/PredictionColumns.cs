// The names of the columns that predictions have.
using Duet.Data;

namespace Duet.Inference;

/// <summary>Refuses tasks whose predictions could not be distinguished.</summary>
internal static class PredictionColumns
{
    // What `predict` writes for a task beside the column of its name; of a calibrated run the last two as well, and any run can be
    // calibrated later.
    private static readonly string[] Suffixes = ["_probability", "_image_share", "_decision", "_reason"];

    private static readonly string[] TaxonomySuffixes = ["_path", "_ancestor", "_ancestor_probability"];

    /// <summary>Checks that no two columns of the predictions would have one name.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="table">The table of training, whose id column the predictions have as well.</param>
    /// <exception cref="TableException">Two would; the message names the columns of the table that they come from.</exception>
    public static void RequireDistinct(IReadOnlyList<TaskDefinition> tasks, ProductTable table)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [table.IdColumn ?? Predictor.RowColumn] = table.IdColumn is { } id
                ? $"the id column '{id}'"
                : "the row numbers of a table without an id column",
        };
        foreach (var task in tasks)
        {
            foreach (var suffix in (string[])[string.Empty, .. Suffixes, .. task.Tree is null ? [] : TaxonomySuffixes])
            {
                if (!owners.TryAdd(task.Name + suffix, $"the task '{task.Name}'"))
                {
                    throw new TableException(
                        $"The predictions would have two columns '{task.Name + suffix}': one of {owners[task.Name + suffix]}, one of "
                            + $"the task '{task.Name}'. Rename one of the columns in {table.Options.Path}, or leave it out."
                    )
                    {
                        File = table.Options.Path,
                        Column = task.Column,
                    };
                }
            }
        }
    }
}
