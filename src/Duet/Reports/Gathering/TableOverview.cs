// Counts what a table holds.
using Duet.Data;
using Duet.Inference;

namespace Duet.Reports.Gathering;

/// <summary>Sums up a table for a run's tasks.</summary>
internal static class TableOverview
{
    private const long MaxQuarantineBytes = 256 << 20;

    private static readonly string[] Names = ["train", "val", "test"];

    /// <summary>Reads the table once.</summary>
    /// <param name="source">The table.</param>
    /// <param name="run">The run whose columns and tasks count.</param>
    /// <param name="own">Whether it is the table of training, which is divided as training divided it; another one counts as a
    /// whole.</param>
    /// <param name="cancellation">Stops the job.</param>
    /// <exception cref="TableException">The table cannot be read, is empty, or lacks a column.</exception>
    public static DataSummary Of(TableSource source, RunSummary run, bool own, CancellationToken cancellation)
    {
        var quarantine = new Quarantine();
        var table = source.Open(run.Configuration.Data, run.Schema.Columns, splits: own);
        var products = table.Read(quarantine);
        IReadOnlyList<(string Name, IReadOnlyList<Product> Products)> parts =
        [
            ("all", [.. products.TakeWhile(_ => !cancellation.IsCancellationRequested)]),
        ];
        cancellation.ThrowIfCancellationRequested();
        ProductSplits? divided = null;
        if (own)
        {
            divided = Splitter.Split(parts[0].Products, SplitSelection.Options(table.Options, run.Configuration), quarantine, cancellation);
            parts = [.. Names.Zip([divided.Train, divided.Validation, divided.Test])];
        }

        return new DataSummary
        {
            Path = source.Path,
            IsTrainingTable = own,
            Splits =
            [
                .. parts.Select(part => new SplitRows(
                    part.Name,
                    part.Products.Count,
                    part.Products.LongCount(product => product.HasImage),
                    part.Products.LongCount(product => product.HasText)
                )),
            ],
            Tasks = [.. run.Schema.Tasks.Select((task, i) => Labels(run.Schema, task, i, parts))],
            Quarantined = QuarantineReasons(run.Folder.QuarantineFile),
            Losses = Losses.Load(run.Folder.LossesFile),
            Leak = divided?.Leak,
            Notes = divided?.Notes ?? [],
        };
    }

    /// <summary>How many entries of each reason a <c>quarantine.csv</c> has; none where there is no such file.</summary>
    /// <exception cref="TableException">The file is larger than any quarantine list, or no table.</exception>
    public static IReadOnlyDictionary<string, long> QuarantineReasons(string path)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            return counts;
        }

        if (file.Length > MaxQuarantineBytes)
        {
            throw new TableException($"{path} has {file.Length} bytes; a quarantine list has at most {MaxQuarantineBytes}.")
            {
                File = path,
            };
        }

        var rows = new CsvTableRows(path, ',', new TableLimits());
        if (!rows.Columns.Contains("reason", StringComparer.Ordinal))
        {
            throw new TableException($"{path} has no column 'reason'; it is not a quarantine list of Duet.") { File = path };
        }

        foreach (var row in rows.Read(["reason"]))
        {
            var reason = row.Problem is null && row.Cells[0] is [var name, ..] ? name : "unreadable";
            counts[reason] = counts.GetValueOrDefault(reason) + 1;
        }

        return counts;
    }

    private static TaskLabelCounts Labels(
        TaskSchema schema,
        TaskDefinition task,
        int index,
        IReadOnlyList<(string Name, IReadOnlyList<Product> Products)> parts
    )
    {
        var classes = task.Classes.ToDictionary(name => name, _ => 0L, StringComparer.Ordinal);
        var missing = new long[parts.Count];
        for (var part = 0; part < parts.Count; part++)
        {
            foreach (var product in parts[part].Products)
            {
                var label = product.Labels[index];
                missing[part] += label is null ? 1 : 0;
                int[] given = task.Kind == TaskKind.SingleLabel ? [schema.Encode(index, label)] : schema.EncodeMany(index, label) ?? [];
                foreach (var found in given.Where(found => found != TaskSchema.Missing))
                {
                    classes[task.Classes[found]]++;
                }
            }
        }

        return new TaskLabelCounts(
            task,
            missing,
            [.. classes.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)]
        );
    }
}
