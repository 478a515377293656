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

    private readonly PredictionCollector predictions = new(tasks);
    private readonly List<bool> hidden = [];
    private readonly List<NoveltyInput> inputs = [];

    /// <summary>The inputs.</summary>
    public InputPattern Pattern { get; } = pattern;

    /// <summary>Adds a row.</summary>
    public void Add(HostBatch batch, BatchResult result, int row, NoveltyInput input, bool isHidden)
    {
        predictions.Add(batch, result, row);
        hidden.Add(isHidden);
        inputs.Add(input);
    }

    /// <summary>The rows to certify with: the pattern's own where they are enough, else all.</summary>
    public CertificationRows Choose()
    {
        int[] own = [.. Enumerable.Range(0, hidden.Count).Where(row => !hidden[row])];
        int[] chosen = own.Length >= MinOwnRows ? own : [.. Enumerable.Range(0, hidden.Count)];
        return new CertificationRows(
            Pattern,
            [.. predictions.ToPredictions().Select(task => task.Select(chosen))],
            [.. chosen.Select(row => predictions.Rows[row])],
            [.. chosen.Select(row => inputs[row])],
            chosen.Count(row => hidden[row]));
    }
}
