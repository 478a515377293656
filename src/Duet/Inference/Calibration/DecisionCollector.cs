// Gathers what a calibration made of the rows of an evaluation.
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Hierarchy;
using Duet.Metrics.Novelty;

namespace Duet.Inference;

/// <summary>Collects corrected probabilities, decisions and novelty row by row.</summary>
internal sealed class DecisionCollector(DuetModel model, RunCalibration calibration)
{
    private readonly PredictionCollector _corrected = new(model.Schema.Tasks);
    private readonly List<Decision>[] _decisions = [.. model.Schema.Tasks.Select(_ => new List<Decision>())];
    private readonly List<IReadOnlyList<PrecisionThreshold>?>[] _levels =
    [
        .. model.Schema.Tasks.Select(_ => new List<IReadOnlyList<PrecisionThreshold>?>()),
    ];
    private readonly List<InputPattern> _patterns = [];
    private readonly List<NoveltyScore?> _novelty = [];

    /// <summary>Adds one row.</summary>
    public void Add(ProductBatch batch, BatchResult result, int row)
    {
        var made = result.Decisions!;
        _corrected.Add(batch, made.Probabilities, row);
        _patterns.Add(made.Patterns[row]);
        _novelty.Add(made.Novelty[row]);
        var answers = model.Answer(result, row).Tasks;
        for (var task = 0; task < answers.Count; task++)
        {
            _decisions[task].Add(answers[task].Decision!);
            _levels[task].Add(made.Levels(task, row));
        }
    }

    /// <summary>The corrected probabilities beside the labels.</summary>
    public IReadOnlyList<TaskPredictions> ToPredictions() => _corrected.ToPredictions();

    /// <summary>The decisions on a task's answers, row by row.</summary>
    public IReadOnlyList<Decision> Of(int task) => _decisions[task];

    /// <summary>By task name what was accepted, and how often rightly.</summary>
    /// <param name="own">The model's own predictions.</param>
    /// <param name="predictions">The corrected ones.</param>
    public Dictionary<string, DecisionFigures> Figures(IReadOnlyList<TaskPredictions> own, IReadOnlyList<TaskPredictions> predictions) =>
        own.Select((task, i) => DecisionFigures.Of(calibration, task, predictions[i], _decisions[i], _patterns))
            .Zip(own)
            .ToDictionary(task => task.Second.Name, task => task.First, StringComparer.Ordinal);

    /// <summary>By input pattern, in words, how many rows are unlike the catalogue; patterns without a certificate are left out.</summary>
    public Dictionary<string, NoveltyFigures> Novelty() =>
        calibration
            .Certificates.Select(certificate =>
                (certificate.Pattern, certificate.Novelty, Scores: (IReadOnlyList<NoveltyScore>)[.. Scores(certificate.Pattern)])
            )
            .Where(pattern => pattern.Scores.Count > 0)
            .ToDictionary(
                pattern => pattern.Pattern.ToString(),
                pattern => NoveltyFigures.Of(pattern.Novelty, pattern.Scores),
                StringComparer.Ordinal
            );

    /// <summary>What answers of a task that may be ancestors are worth; null where no certificate has thresholds for them.</summary>
    /// <param name="task">The task's place.</param>
    /// <param name="predictions">Its corrected predictions.</param>
    /// <param name="tree">The places of its classes in the tree.</param>
    public BackoffFigures? Backoff(int task, TaskPredictions predictions, ClassTree tree) =>
        calibration.Certificates.Any(certificate => certificate.Tasks[task].Levels is not null)
            ? BackoffFigures.Of(predictions, tree, row => _levels[task][row], calibration.Precision)
            : null;

    private IEnumerable<NoveltyScore> Scores(InputPattern pattern) =>
        _patterns.Zip(_novelty).Where(row => row.Second is not null && row.First.Equals(pattern)).Select(row => row.Second!);
}
