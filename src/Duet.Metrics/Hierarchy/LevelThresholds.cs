// From which probability on an ancestor may be answered, level by level.
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Hierarchy;

/// <summary>
/// One threshold per level of a taxonomy, so that of the answers that end on a level the promised share is right: an answer of that level
/// lies on the path of the true class. What is promised of every level holds of all answers together as well.
/// </summary>
/// <remarks>
/// A row is answered on the deepest level whose threshold it reaches, so the answers of a level are what the levels below it left over: the
/// hard rows. Thresholds fitted on all rows of a level, from the root down, would promise nothing about them. Therefore the deepest level
/// comes first and each next one is certified (<see cref="ThresholdSearch"/>) on the rows that are left. Where the test of a deeper level
/// ended, the rows it failed on are left over with outcomes that were looked at; they were selected for being wrong, so that they make it
/// harder and not easier to certify the level above.
/// </remarks>
public static class LevelThresholds
{
    /// <summary>Looks for the thresholds of a task.</summary>
    /// <param name="task">Calibrated predictions of a single-label task.</param>
    /// <param name="tree">The places of its classes in the tree.</param>
    /// <param name="pilot">Labelled rows that propose thresholds.</param>
    /// <param name="testing">Labelled rows that test them, seen by nothing before.</param>
    /// <param name="precision">The promised precision, in (0, 1).</param>
    /// <param name="confidence">The confidence per level, in (0, 1).</param>
    /// <returns>One threshold per level, the root's first; a level without one is never answered, only levels above it.</returns>
    public static IReadOnlyList<PrecisionThreshold> Find(
        TaskPredictions task,
        ClassTree tree,
        IEnumerable<int> pilot,
        IEnumerable<int> testing,
        double precision,
        double confidence
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(pilot);
        ArgumentNullException.ThrowIfNull(testing);
        var thresholds = new PrecisionThreshold[tree.Depth];
        var (proposing, certifying) = (Rows(task, tree, pilot), Rows(task, tree, testing));
        for (var level = tree.Depth; level > 0; level--)
        {
            var found = ThresholdSearch.Find(At(proposing, level), At(certifying, level), precision, confidence);
            thresholds[level - 1] = found;
            (proposing, certifying) = (Left(proposing, level, found), Left(certifying, level, found));
        }

        return thresholds;
    }

    private static List<(double[] Levels, int Right)> Rows(TaskPredictions task, ClassTree tree, IEnumerable<int> rows) =>
        [
            .. rows.Select(row =>
                (Backoff.Levels(tree, task.Row(row), task.Prediction(row)), tree.CommonDepth(task.Prediction(row), task.Label(row)))
            ),
        ];

    private static ScoredDecisions At(List<(double[] Levels, int Right)> rows, int level) =>
        new(rows.Where(row => row.Levels.Length >= level).Select(row => (row.Levels[level - 1], row.Right >= level)));

    private static List<(double[] Levels, int Right)> Left(
        List<(double[] Levels, int Right)> rows,
        int level,
        PrecisionThreshold threshold
    ) => rows.FindAll(row => row.Levels.Length < level || !threshold.Accepts(row.Levels[level - 1]));
}
