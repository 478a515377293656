// Looks at the labels of every task.
using System.Collections.Concurrent;

namespace Duet.Data.Checks;

/// <summary>Counts labels, and finds those that look wrong or have several spellings.</summary>
internal static class LabelChecks
{
    private const string Learning = "looking for wrong labels";

    /// <summary>What was found of every task, by its name.</summary>
    public static Dictionary<string, TaskSummary> Summarize(
        List<Product> products,
        IReadOnlyList<TaskColumn> tasks,
        List<string> texts,
        ConcurrentDictionary<string, PictureFingerprint> pictures,
        DataCheckOptions options,
        List<DataIssue> issues,
        IProgress<DataCheckProgress>? progress,
        CancellationToken cancellation
    )
    {
        var features =
            tasks.Count == 0
                ? null
                : new LabelFeatures(
                    texts,
                    products.ConvertAll(product =>
                        product.Images.Select(pictures.GetValueOrDefault).FirstOrDefault(print => print is not null)
                    )
                );
        var looks = LabelColumns.Look(tasks, products).ToList();
        var summaries = new Dictionary<string, TaskSummary>(StringComparer.Ordinal);
        for (var task = 0; task < tasks.Count; task++)
        {
            progress?.Report(new DataCheckProgress(Learning, task, tasks.Count));
            var column = tasks[task];
            var labels = products.ConvertAll(product =>
                product.Labels[task] is { } label && column.Kind == TaskKind.SingleLabel
                    ? LabelSpelling.Canonical(label)
                    : product.Labels[task]
            );
            var classes = Count(labels.SelectMany(label => LabelCell.Canonical(column, label)));
            var labelled = labels.Count(label => label is not null);
            var found = SuspectLabels.Find(column, labels, classes, features!, options, cancellation);
            issues.AddRange(
                found.Suspects.Select(suspect => new DataIssue(
                    DataIssueKind.SuspectLabel,
                    products[suspect.Product].Row,
                    products[suspect.Product].Id,
                    suspect.Detail
                )
                {
                    Task = column.Name,
                    Score = suspect.Margin,
                })
            );
            summaries[column.Name] = new TaskSummary(
                labelled,
                labels.Count - labelled,
                classes,
                found.Accuracy is null ? null : found.Suspects.Count,
                found.Accuracy
            )
            {
                Spellings = Spellings(products, column, task, issues),
                LooksLike = looks.FirstOrDefault(finding => finding.Task == column)?.Text,
            };
        }

        return summaries;
    }

    /// <summary>How often each value occurs, the commonest first.</summary>
    public static Dictionary<string, int> Count(IEnumerable<string> values) =>
        values
            .GroupBy(value => value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The spellings of labels that have several; every row with another than the commonest is an issue.</summary>
    private static List<IReadOnlyDictionary<string, int>> Spellings(
        List<Product> products,
        TaskColumn column,
        int task,
        List<DataIssue> issues
    )
    {
        var rows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            foreach (var label in LabelCell.Read(column.Kind, column.Separator, products[i].Labels[task]) ?? [])
            {
                (rows.TryGetValue(label, out var known) ? known : rows[label] = []).Add(i);
            }
        }

        var found = LabelVariants.Find(rows);
        foreach (var spellings in found)
        {
            var (commonest, its) = spellings[0];
            issues.AddRange(
                from spelling in spellings.Skip(1)
                from row in spelling.Rows
                select new DataIssue(
                    DataIssueKind.LabelSpelling,
                    products[row].Row,
                    products[row].Id,
                    LabelVariants.Describe(spelling.Label, commonest)
                )
                {
                    Task = column.Name,
                    OtherRow = products[its[0]].Row,
                    OtherId = products[its[0]].Id,
                }
            );
        }

        return
        [
            .. found.Select(spellings =>
                spellings.ToDictionary(spelling => spelling.Label, spelling => spelling.Rows.Count, StringComparer.Ordinal)
            ),
        ];
    }
}
