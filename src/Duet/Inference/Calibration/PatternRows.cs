// The calibration rows with the same inputs.
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;

namespace Duet.Inference;

/// <summary>Rows that have just these inputs, and rows that have more, of which the rest was hidden.</summary>
internal sealed class PatternRows(InputPattern pattern, IReadOnlyList<TaskDefinition> tasks)
{
    /// <summary>With fewer rows of its own, a pattern is certified on rows with hidden inputs as well.</summary>
    public const int MinOwnRows = 200;

    private readonly PredictionCollector _predictions = new(tasks);
    private readonly List<bool> _hidden = [];
    private readonly List<NoveltyInput> _inputs = [];

    /// <summary>The inputs.</summary>
    public InputPattern Pattern { get; } = pattern;

    /// <summary>Adds a row.</summary>
    public void Add(ProductBatch batch, BatchResult result, int row, NoveltyInput input, bool isHidden)
    {
        _predictions.Add(batch, result, row);
        _hidden.Add(isHidden);
        _inputs.Add(input);
    }

    /// <summary>The rows to certify with: the pattern's own where they are enough, else all.</summary>
    public CertificationRows Choose()
    {
        int[] own = [.. Enumerable.Range(0, _hidden.Count).Where(row => !_hidden[row])];
        int[] chosen = own.Length >= MinOwnRows ? own : [.. Enumerable.Range(0, _hidden.Count)];
        return new CertificationRows(
            Pattern,
            [.. _predictions.ToPredictions().Select(task => task.Select(chosen))],
            [.. chosen.Select(row => _predictions.Rows[row])],
            [.. chosen.Select(row => _inputs[row])],
            chosen.Count(row => _hidden[row])
        );
    }
}
