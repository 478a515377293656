// Tells how far a comparison has come.
using Duet.Studies.Comparison;
using Duet.Training;

namespace Duet.Cli.Console;

/// <summary>A line when a run begins and when it ends; its training as <c>duet train</c> shows it.</summary>
internal sealed class ComparisonProgress(Terminal terminal) : IComparisonProgress
{
    /// <inheritdoc/>
    public void Note(string text) => terminal.Remark(text);

    /// <inheritdoc/>
    public void Begin(ComparedSystem system, ulong seed, int number, int total) =>
        terminal.Line(FormattableString.Invariant($"run {number} of {total}: {system.Label}, seed {seed}"));

    /// <inheritdoc/>
    public TrainingResult Watch(Func<ITrainingProgress, TrainingResult> training) => LiveProgress.Run(terminal, training);

    /// <inheritdoc/>
    public void End(ComparedRun run) =>
        terminal.Line(
            run.Error is { } error
                ? $"failed: {error}"
                : FormattableString.Invariant($"done: mean {run.Mean:0.0000}, {run.SamplesPerSecond:0} products/s, {run.Folder}")
        );
}
