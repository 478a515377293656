// How good a system is, and how much better than another, over seeds, on the same rows.
using Duet.Metrics;

namespace Duet.Studies.Comparison;

/// <summary>
/// The difference between two systems' mean over tasks, with an interval from the paired bootstrap over products: a drawn product brings
/// its outcomes of all seeds along, in both systems. The interval therefore says how the difference would move with other products of the
/// same kind; how it moves with the seed is the table's standard deviation.
/// </summary>
internal static class SystemDifference
{
    private const int BootstrapSeed = 1;

    /// <summary>First minus second; null where they share no seed with outcomes, rows differ, or none has a label.</summary>
    public static PairedDifference? Of(IReadOnlyDictionary<ulong, RunOutcomes> first, IReadOnlyDictionary<ulong, RunOutcomes> second)
    {
        var seeds = first.Keys.Intersect(second.Keys).Order().ToList();
        if (seeds.Count == 0 || seeds.Exists(seed => !first[seed].Ids.SequenceEqual(second[seed].Ids, StringComparer.Ordinal)))
        {
            return null;
        }

        var tasks = first[seeds[0]].Tasks.Keys.ToList();
        var units = Units(seeds.Select(seed => first[seed].Ids));
        var (left, right) = (Sums(seeds.Select(seed => first[seed]), tasks, units), Sums(seeds.Select(seed => second[seed]), tasks, units));
        return IsUndefined(left, units.Count) || IsUndefined(right, units.Count)
            ? null
            : Significance.PairedBootstrap(units.Count, left.Score, right.Score, BootstrapSeed);
    }

    /// <summary>The interval of one system's mean over tasks; null without outcomes, or where no row has a label.</summary>
    public static ConfidenceInterval? Interval(IReadOnlyDictionary<ulong, RunOutcomes> system)
    {
        if (system.Count == 0)
        {
            return null;
        }

        var seeds = system.Keys.Order().ToList();
        var units = Units(seeds.Select(seed => system[seed].Ids));
        var sums = Sums(seeds.Select(seed => system[seed]), [.. system[seeds[0]].Tasks.Keys], units);
        return IsUndefined(sums, units.Count) ? null : Bootstrap.Interval(units.Count, sums.Score, BootstrapSeed);
    }

    private static bool IsUndefined(UnitSums sums, int units) => double.IsNaN(sums.Score([.. Enumerable.Range(0, units)]));

    // A product is one unit in all seeds, also where every seed draws its own split.
    private static Dictionary<string, int> Units(IEnumerable<IReadOnlyList<string>> ids)
    {
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in ids.SelectMany(seed => seed))
        {
            units.TryAdd(id, units.Count);
        }

        return units;
    }

    private static UnitSums Sums(IEnumerable<RunOutcomes> runs, List<string> tasks, Dictionary<string, int> units)
    {
        var sums = new UnitSums(tasks.Count, units.Count);
        foreach (var run in runs)
        {
            for (var task = 0; task < tasks.Count; task++)
            {
                var outcomes = run.Tasks[tasks[task]];
                for (var row = 0; row < run.Ids.Count; row++)
                {
                    sums.Add(task, units[run.Ids[row]], outcomes.Right[row], outcomes.Total[row]);
                }
            }
        }

        return sums;
    }

    private sealed class UnitSums(int tasks, int units)
    {
        private readonly long[,] _right = new long[tasks, units];
        private readonly long[,] _of = new long[tasks, units];

        public void Add(int task, int unit, int right, int of)
        {
            _right[task, unit] += right;
            _of[task, unit] += of;
        }

        /// <summary>The mean over the tasks that have a label among the drawn units.</summary>
        public double Score(int[] drawn)
        {
            var (sum, labelled) = (0.0, 0);
            for (var task = 0; task < tasks; task++)
            {
                var (right, of) = (0L, 0L);
                foreach (var unit in drawn)
                {
                    right += _right[task, unit];
                    of += _of[task, unit];
                }

                (sum, labelled) = of > 0 ? (sum + ((double)right / of), labelled + 1) : (sum, labelled);
            }

            return sum / labelled;
        }
    }
}
