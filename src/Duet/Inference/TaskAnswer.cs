// What a model says about one product in one task.
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Inference;

/// <summary>The answer to one task.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Kind">Whether exactly one class applies, or any number of them.</param>
/// <param name="Label">The most probable class.</param>
/// <param name="Probability">Its probability, calibrated where the run is: of a softmax over all classes, or of its own sigmoid in a
/// multi-label task.</param>
/// <param name="TopFive">The five most probable classes (fewer where the task has fewer), most probable first.</param>
public sealed record TaskAnswer(string Task, TaskKind Kind, string Label, double Probability, IReadOnlyList<LabelProbability> TopFive)
{
    /// <summary>
    /// The classes that are given to the product: <see cref="Label"/> alone, or in a multi-label task every class whose probability
    /// reaches the threshold, most probable first, and none where none reaches it.
    /// </summary>
    public required IReadOnlyList<LabelProbability> Given { get; init; }

    /// <summary>The probability of every class, in the order of the task's classes.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Whether the answer is accepted, or why it needs review; null where the run is not calibrated.</summary>
    public Decision? Decision { get; init; }

    /// <summary>Whether the answer keeps the calibration's precision (true) or needs review (false); null where the run is not
    /// calibrated.</summary>
    public bool? Accepted => Decision?.Accepted;

    /// <summary>Of a task with a taxonomy: the path of <see cref="Label"/>, as in <c>Apparel &gt; Shoes</c>.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Of a calibrated task with a taxonomy: the deepest category on <see cref="Path"/> that may be trusted, with its probability, which is
    /// the sum over the classes at and below it. Null where not even the root may, or the run is not calibrated.
    /// </summary>
    public LabelProbability? Ancestor { get; init; }

    /// <summary>How much the picture weighed, 0 to 1; null if the system does not say.</summary>
    public double? ImageShare { get; init; }

    /// <summary>How much the text weighed, 0 to 1; null if the system does not say.</summary>
    public double? TextShare => 1 - ImageShare;
}

/// <summary>A label and how probable the model finds it.</summary>
/// <param name="Label">The class name.</param>
/// <param name="Probability">From 0 to 1.</param>
public readonly record struct LabelProbability(string Label, double Probability);
