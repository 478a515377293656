// Gathers the rows of an evaluation.
using System.Runtime.InteropServices;
using Duet.Data;
using Duet.Metrics;

namespace Duet.Inference;

/// <summary>Collects probabilities and labels row by row.</summary>
internal sealed class PredictionCollector(IReadOnlyList<TaskDefinition> tasks)
{
    private readonly List<float>[] _probabilities = [.. tasks.Select(_ => new List<float>())];
    private readonly List<int>[] _labels = [.. tasks.Select(_ => new List<int>())];
    private readonly List<string> _ids = [];

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The rows' numbers in the table.</summary>
    public List<long> Rows { get; } = [];

    /// <summary>Which inputs each row has, in words.</summary>
    public List<string?> Inputs { get; } = [];

    /// <summary>Adds one row.</summary>
    public void Add(ProductBatch batch, BatchResult result, int row) => Add(batch, result.Probabilities, row);

    /// <summary>Adds one row with other probabilities than the model's own.</summary>
    /// <param name="batch">The products.</param>
    /// <param name="results">Per task, <c>[B, C]</c>.</param>
    /// <param name="row">The product's place.</param>
    public void Add(ProductBatch batch, IReadOnlyList<float[]> results, int row)
    {
        _ids.Add(batch.Ids[row]);
        Rows.Add(batch.Rows[row]);
        Inputs.Add(
            (batch.ImagePresent[row], batch.TextPresent[row]) switch
            {
                (true, true) => "picture and text",
                (true, false) => "picture only",
                _ => "text only",
            }
        );
        for (var task = 0; task < tasks.Count; task++)
        {
            var classes = tasks[task].Classes.Count;
            _probabilities[task].AddRange(results[task].AsSpan(row * classes, classes));
            AddLabels(_labels[task], batch.Labels[task], row, classes);
        }
    }

    /// <summary>The rows as the metrics expect them.</summary>
    public IReadOnlyList<TaskPredictions> ToPredictions() =>
        [
            .. tasks.Select(
                (task, i) =>
                    task.Kind == TaskKind.SingleLabel
                        ? TaskPredictions.SingleLabel(task.Name, task.Classes, [.. _probabilities[i]], [.. _labels[i]])
                        : TaskPredictions.MultiHot(task.Name, task.Classes, [.. _probabilities[i]], [.. _labels[i]])
            ),
        ];

    private static void AddLabels(List<int> to, TaskLabels from, int row, int classes)
    {
        if (from.Kind == TaskKind.SingleLabel)
        {
            to.Add((int)from.Classes[row]);
            return;
        }

        var start = to.Count;
        CollectionsMarshal.SetCount(to, start + classes);
        var target = CollectionsMarshal.AsSpan(to)[start..];
        for (var i = 0; i < classes; i++)
        {
            target[i] = from.Present[row] ? (int)from.MultiHot[(row * classes) + i] : TaskPredictions.Missing;
        }
    }
}
