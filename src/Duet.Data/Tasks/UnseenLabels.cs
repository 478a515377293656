// Counts the labels that a model's training split never had.
namespace Duet.Data;

/// <summary>
/// Labels met while encoding that are not classes of their task. They are masked out of losses and metrics and must therefore be
/// reported, not lost. Safe for many threads; totals are exact, the listed values capped.
/// </summary>
public sealed class UnseenLabels
{
    private const int MaxValuesPerTask = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, long>> _values = new(StringComparer.Ordinal);

    /// <summary>How many labels were unseen, over all tasks.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _totals.Values.Sum();
            }
        }
    }

    /// <summary>Number of unseen labels per task (tasks without any are absent); a snapshot.</summary>
    public IReadOnlyDictionary<string, long> ByTask
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, long>(_totals, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How often each unseen label of a task was met (at most 1,000 distinct ones are distinguished); a snapshot.</summary>
    public IReadOnlyDictionary<string, long> Values(string task)
    {
        lock (_gate)
        {
            return _values.TryGetValue(task, out var found) ? new SortedDictionary<string, long>(found, StringComparer.Ordinal) : [];
        }
    }

    /// <summary>Counts one label.</summary>
    public void Add(string task, string label)
    {
        lock (_gate)
        {
            _totals[task] = _totals.GetValueOrDefault(task) + 1;
            if (!_values.TryGetValue(task, out var found))
            {
                _values[task] = found = new SortedDictionary<string, long>(StringComparer.Ordinal);
            }

            if (found.TryGetValue(label, out var count) || found.Count < MaxValuesPerTask)
            {
                found[label] = count + 1;
            }
        }
    }
}
