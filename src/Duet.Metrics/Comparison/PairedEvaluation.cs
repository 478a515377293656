// A run against another on the same rows.
using System.Text.Json.Serialization;

namespace Duet.Metrics;

/// <summary>How a run does against a baseline: every figure of both on the rows that both have a label for, and whether the difference is
/// luck.</summary>
public sealed record PairedEvaluation
{
    /// <summary>The baseline's run folder.</summary>
    public required string Run { get; init; }

    /// <summary>Figures by task; tasks that only one of the runs has are absent.</summary>
    public required IReadOnlyDictionary<string, PairedTask> Tasks { get; init; }

    /// <summary>Tasks that only one of the runs has.</summary>
    public IReadOnlyList<string> Unpaired { get; init; } = [];

    /// <summary>Compares.</summary>
    /// <param name="run">The baseline's name.</param>
    /// <param name="tasks">The run's predictions.</param>
    /// <param name="rows">The table rows they belong to.</param>
    /// <param name="baseline">The baseline's predictions.</param>
    /// <param name="baselineRows">The table rows of these.</param>
    /// <param name="options">Draws, seed, threshold; the defaults where null.</param>
    public static PairedEvaluation Of(
        string run,
        IReadOnlyList<TaskPredictions> tasks,
        IReadOnlyList<long> rows,
        IReadOnlyList<TaskPredictions> baseline,
        IReadOnlyList<long> baselineRows,
        EvaluationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(baselineRows);
        options ??= new EvaluationOptions();
        var places = baselineRows.Select((row, i) => (row, i)).ToDictionary(pair => pair.row, pair => pair.i);
        var result = new Dictionary<string, PairedTask>(StringComparer.Ordinal);
        foreach (var first in tasks)
        {
            if (
                baseline.FirstOrDefault(other =>
                    string.Equals(other.Name, first.Name, StringComparison.Ordinal) && other.MultiLabel == first.MultiLabel
                )
                is not { } second
            )
            {
                continue;
            }

            var labelled = second.Labelled.ToHashSet();
            var pairs = first
                .Labelled.Where(row => places.TryGetValue(rows[row], out var place) && labelled.Contains(place))
                .Select(row => (First: row, Second: places[rows[row]]))
                .ToList();
            if (pairs.Count > 0)
            {
                result[first.Name] = PairedTask.Of(
                    first.Select(pairs.ConvertAll(pair => pair.First)),
                    second.Select(pairs.ConvertAll(pair => pair.Second)),
                    options
                );
            }
        }

        return new PairedEvaluation
        {
            Run = run,
            Tasks = result,
            Unpaired =
            [
                .. tasks
                    .Concat(baseline)
                    .Select(task => task.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Where(name => !result.ContainsKey(name)),
            ],
        };
    }
}
