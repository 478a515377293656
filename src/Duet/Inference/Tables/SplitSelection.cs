// The rows of one split, as training saw them.
using Duet.Data;
using Duet.Runs;

namespace Duet.Inference;

/// <summary>Finds the rows of a split again.</summary>
internal static class SplitSelection
{
    private const int NamesShown = 20;

    /// <summary>The products of a split.</summary>
    /// <exception cref="TableException">The table has no such split; the message lists those it has.</exception>
    public static IReadOnlyList<Product> Select(
        IEnumerable<Product> products,
        string split,
        TableOptions table,
        RunConfiguration run,
        Quarantine quarantine,
        CancellationToken cancellation
    )
    {
        var all = new List<Product>();
        foreach (var product in products)
        {
            cancellation.ThrowIfCancellationRequested();
            all.Add(product);
        }

        var byColumn = table.SplitColumn is not null;
        if (byColumn && Named(all, split) is { Count: > 0 } named && !IsCarved(all, split, run))
        {
            return named;
        }

        var canonical = Splitter.CanonicalName(split);
        if (canonical is null || (byColumn && !IsCarved(all, split, run)))
        {
            throw Unknown(split, table, all);
        }

        var parts = Splitter.Split(all, Options(table, run), quarantine, cancellation);
        var part = canonical switch
        {
            "train" => parts.Train,
            "val" => parts.Validation,
            _ => parts.Test,
        };
        return part.Count > 0 ? part : throw Unknown(split, table, all);
    }

    /// <summary>How training divided the table, for rows whose labels were read in the order of <paramref name="table"/>.</summary>
    public static SplitOptions Options(TableOptions table, RunConfiguration run)
    {
        var options = run.Data.ToSplit(run.Training.Seed);
        return options with
        {
            ByColumn = table.SplitColumn is not null,
            Tasks =
                options.Tasks.Count == 0
                    ? []
                    :
                    [
                        .. table.Tasks.Select(read =>
                            options.Tasks.FirstOrDefault(task => string.Equals(task!.Name, read.Name, StringComparison.Ordinal))
                        ),
                    ],
        };
    }

    /// <summary>The rows whose split column has this value, or another spelling of it (val, validation, dev).</summary>
    private static List<Product> Named(List<Product> all, string split) =>
        Splitter.CanonicalName(split) is { } canonical
            ? all.FindAll(product => string.Equals(Splitter.CanonicalName(product.Split), canonical, StringComparison.Ordinal))
            : all.FindAll(product => string.Equals(product.Split, split, StringComparison.Ordinal));

    /// <summary>Whether training carved this split's rows out of the training rows, because the column names no validation rows.</summary>
    private static bool IsCarved(List<Product> all, string split, RunConfiguration run) =>
        Splitter.CanonicalName(split) is "train" or "val"
        && run.Data.ValidationFraction > 0
        && Named(all, "val").Count == 0
        && Named(all, "train").Count > 0;

    private static TableException Unknown(string split, TableOptions table, List<Product> all)
    {
        var names = all.Select(product => product.Split)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Take(NamesShown)
            .ToList();
        var has =
            table.SplitColumn is not { } column ? "the run splits by fractions into train, val and test, and this part is empty or unknown"
            : names.Count == 0 ? $"its column '{column}' is empty"
            : $"its column '{column}' has {string.Join(", ", names)}";
        return new TableException($"{table.Path} has no rows of the split '{split}': {has}. Name a split that has rows, or another table.")
        {
            File = table.Path,
            Column = table.SplitColumn,
        };
    }
}
