// From predictions on labelled rows to a calibration.
using Duet.Data;
using Duet.Metrics.Hierarchy;

namespace Duet.Metrics.Calibration;

/// <summary>Fits corrections and certifies thresholds.</summary>
public static class Calibrator
{
    /// <summary>Calibrates all tasks for products with the same inputs.</summary>
    /// <param name="tasks">The model's own predictions, uncalibrated, on rows that it was not trained on.</param>
    /// <param name="schema">The tasks, for their taxonomies.</param>
    /// <param name="options">The promise; validated here.</param>
    /// <param name="given">The calibrated probability at which a class of a multi-label task is given.</param>
    /// <param name="fitting">Whether a row fits; the others certify. Dealt by <see cref="Deal"/> where null.</param>
    /// <param name="inside">Whether a row is like the catalogue; only such answers are ever accepted, so only they count for thresholds.
    /// All rows where null.</param>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    public static IReadOnlyList<TaskCalibration> Calibrate(
        IReadOnlyList<TaskPredictions> tasks,
        TaskSchema schema,
        CalibrationOptions options,
        double given,
        IReadOnlyList<bool>? fitting = null,
        IReadOnlyList<bool>? inside = null
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return
        [
            .. tasks.Select((task, i) => Calibrate(task, schema.Tasks[i], options, given, fitting ?? Deal(task.Rows, options), inside)),
        ];
    }

    /// <summary>Which rows fit; the others certify. A seeded shuffle: which part a row falls into depends on nothing it says.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="options">The share that fits, and the seed.</param>
    public static bool[] Deal(int rows, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var order = Enumerable.Range(0, rows).ToArray();
        new Random(options.Seed).Shuffle(order);
        var fits = new bool[rows];
        foreach (var row in order.Take((int)Math.Round(rows * options.FitShare)))
        {
            fits[row] = true;
        }

        return fits;
    }

    private static TaskCalibration Calibrate(
        TaskPredictions task,
        TaskDefinition definition,
        CalibrationOptions options,
        double given,
        IReadOnlyList<bool> fits,
        IReadOnlyList<bool>? inside
    )
    {
        int[] fit = [.. task.Labelled.Where(row => fits[row])],
            testing = [.. task.Labelled.Where(row => !fits[row])];
        var (map, note) = ProbabilityFit.Fit(task, fit, options.Method);
        var corrected = map.Apply(task);
        int[] Inside(int[] rows) => inside is null ? rows : [.. rows.Where(row => inside[row])];
        var (pilot, certifying) = (Inside(fit), Inside(testing));
        PrecisionThreshold Search(Func<IReadOnlyList<int>, Decisions> decisions) =>
            ThresholdSearch.Find(decisions(pilot), decisions(certifying), options.Precision, options.Confidence);
        return new TaskCalibration
        {
            Task = task.Name,
            Map = map,
            Threshold = Search(rows => ScoredDecisions.OfAnswers(corrected, rows, given)),
            Classes = options.PerClass
                ? definition
                    .Classes.Select((label, i) => (label, i))
                    .ToDictionary(
                        pair => pair.label,
                        pair => Search(rows => ScoredDecisions.OfClass(corrected, rows, given, pair.i)),
                        StringComparer.Ordinal
                    )
                : null,
            Levels = definition.Tree is { } tree
                ? LevelThresholds.Find(corrected, tree, pilot, certifying, options.Precision, options.Confidence)
                : null,
            FitRows = fit.Length,
            TestingRows = testing.Length,
            EceBefore = Error(task.Select(testing)),
            EceAfter = Error(corrected.Select(testing)),
            Note = note,
        };
    }

    private static double? Error(TaskPredictions task) =>
        CalibrationMetrics.ExpectedCalibrationError(task) is var error && double.IsNaN(error) ? null : error;
}
