// Which products a report shows.
using Duet.Metrics;

namespace Duet.Reports.Gathering;

/// <summary>Chooses rows that teach something: sure and right, sure and wrong, unsure; of each kind no two of a sort while there are
/// others.</summary>
/// <param name="tasks">Predictions and labels of every task, over the same rows.</param>
/// <param name="verdicts">The rows' verdicts.</param>
internal sealed class ExampleChoice(IReadOnlyList<TaskPredictions> tasks, RowVerdicts verdicts)
{
    /// <summary>Rows that are right in every labelled task, those surest in their least sure answer first; one per answer of the first
    /// task, then any.</summary>
    public IReadOnlyList<int> Right(int count) =>
        Varied(
            AllRows()
                .Where(row => Judged(row).Any() && Judged(row).All(task => verdicts.Right(task, row) == true))
                .OrderByDescending(row => Judged(row).Count())
                .ThenByDescending(row => Judged(row).Min(task => verdicts.Confidence(task, row)))
                .ThenBy(row => row),
            row => verdicts.Answer(0, row),
            count
        );

    /// <summary>Rows with a wrong answer, those surest of it first; every mistake once, then any.</summary>
    public IReadOnlyList<int> Wrong(int count) =>
        Varied(
            AllRows().Where(row => Mistakes(row).Any()).OrderByDescending(row => verdicts.Confidence(Worst(row), row)).ThenBy(row => row),
            row => $"{Worst(row)}\n{verdicts.Truth(Worst(row), row)}\n{verdicts.Answer(Worst(row), row)}",
            count
        );

    /// <summary>Rows with the highest entropy, each task's measured by the largest it could have.</summary>
    public IReadOnlyList<int> Uncertain(int count) =>
        [
            .. AllRows()
                .OrderByDescending(row => Enumerable.Range(0, tasks.Count).Average(task => Doubt(task, row)))
                .ThenBy(row => row)
                .Take(count),
        ];

    private static List<int> Varied(IEnumerable<int> rows, Func<int, string> sort, int count)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (chosen, others) = (new List<int>(), new List<int>());
        foreach (var row in rows)
        {
            if (chosen.Count == count)
            {
                break;
            }

            if (seen.Add(sort(row)))
            {
                chosen.Add(row);
            }
            else if (others.Count < count)
            {
                others.Add(row);
            }
        }

        return [.. chosen.Concat(others).Take(count)];
    }

    private IEnumerable<int> AllRows() => Enumerable.Range(0, verdicts.Rows);

    private IEnumerable<int> Judged(int row) => Enumerable.Range(0, tasks.Count).Where(task => verdicts.Right(task, row) is not null);

    private IEnumerable<int> Mistakes(int row) => Enumerable.Range(0, tasks.Count).Where(task => verdicts.Right(task, row) == false);

    private int Worst(int row) => Mistakes(row).MaxBy(task => verdicts.Confidence(task, row));

    private double Doubt(int task, int row)
    {
        double entropy = 0;
        var probabilities = tasks[task].Row(row);
        foreach (double probability in probabilities)
        {
            entropy += Term(probability) + (tasks[task].MultiLabel ? Term(1 - probability) : 0);
        }

        return entropy / (tasks[task].MultiLabel ? probabilities.Length * Math.Log(2) : Math.Log(Math.Max(2, probabilities.Length)));
    }

    private static double Term(double probability) => probability > 0 ? -probability * Math.Log(probability) : 0;
}
