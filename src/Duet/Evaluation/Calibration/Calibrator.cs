// From predictions on labelled rows to a calibration.
using Duet.Data;
using Duet.Evaluation.Hierarchy;

namespace Duet.Evaluation.Calibration;

/// <summary>Fits corrections and certifies thresholds.</summary>
public static class Calibrator
{
    /// <summary>Calibrates all tasks.</summary>
    /// <param name="tasks">The model's own predictions, uncalibrated, on rows that it was not trained on.</param>
    /// <param name="schema">The tasks, for their taxonomies.</param>
    /// <param name="options">The promise; validated here.</param>
    /// <param name="given">From which calibrated probability on a class of a multi-label task is given.</param>
    /// <exception cref="Models.OptionException">An option is out of its range.</exception>
    public static IReadOnlyList<TaskCalibration> Calibrate(IReadOnlyList<TaskPredictions> tasks, TaskSchema schema, CalibrationOptions options, double given)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return [.. tasks.Select((task, i) => Calibrate(task, schema.Tasks[i], options, given))];
    }

    private static TaskCalibration Calibrate(TaskPredictions task, TaskDefinition definition, CalibrationOptions options, double given)
    {
        var (fit, testing) = Deal(task, options);
        var (map, note) = ProbabilityFit.Fit(task, fit, options.Method);
        var corrected = map.Apply(task);
        PrecisionThreshold Search(Func<IReadOnlyList<int>, Decisions> decisions) =>
            ThresholdSearch.Find(decisions(fit), decisions(testing), options.Precision, options.Confidence);
        return new TaskCalibration
        {
            Task = task.Name,
            Map = map,
            Threshold = Search(rows => ScoredDecisions.OfAnswers(corrected, rows, given)),
            Classes = options.PerClass
                ? definition.Classes.Select((label, i) => (label, i)).ToDictionary(
                    pair => pair.label, pair => Search(rows => ScoredDecisions.OfClass(corrected, rows, given, pair.i)), StringComparer.Ordinal)
                : null,
            Levels = definition.Tree is { } tree ? LevelThresholds.Find(corrected, tree, fit, testing, options.Precision, options.Confidence) : null,
            FitRows = fit.Length,
            TestingRows = testing.Length,
            EceBefore = Error(task.Select(testing)),
            EceAfter = Error(corrected.Select(testing)),
            Note = note,
        };
    }

    // The labelled rows, dealt by a seeded shuffle: which part a row falls into depends on nothing it says.
    private static (int[] Fit, int[] Testing) Deal(TaskPredictions task, CalibrationOptions options)
    {
        var rows = task.Labelled.ToArray();
        new Random(options.Seed).Shuffle(rows);
        var cut = (int)Math.Round(rows.Length * options.FitShare);
        return (rows[..cut], rows[cut..]);
    }

    private static double? Error(TaskPredictions task) => CalibrationMetrics.ExpectedCalibrationError(task) is var error && double.IsNaN(error) ? null : error;
}
