// Progress where somebody watches: a bar that is redrawn, and a line per epoch above it.
using System.Globalization;
using Duet.Training;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws a bar for the current stage.</summary>
internal sealed class LiveProgress : ITrainingProgress
{
    private readonly Terminal terminal;
    private readonly ProgressContext context;
    private ProgressTask? task;
    private TrainingStage? stage;

    private LiveProgress(Terminal terminal, ProgressContext context) => (this.terminal, this.context) = (terminal, context);

    /// <summary>Runs a job under a live display, or under plain lines where the output is not a terminal.</summary>
    public static T Run<T>(Terminal terminal, Func<ITrainingProgress, T> job)
    {
        if (!terminal.IsLive)
        {
            return job(new PlainProgress(terminal));
        }

        var progress = terminal.Error.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn());
        return progress.Start(context => job(new LiveProgress(terminal, context)));
    }

    /// <inheritdoc/>
    public void Note(string text) => terminal.Remark(text);

    /// <inheritdoc/>
    public void Scanned(int done, int total)
    {
        task ??= context.AddTask("looking at pictures", maxValue: Math.Max(total, 1));
        task.Value = done;
    }

    /// <inheritdoc/>
    public void Step(StepReport step)
    {
        if (stage != step.Stage)
        {
            task?.StopTask();
            task = context.AddTask("training", maxValue: Math.Max(step.Steps, 1));
            stage = step.Stage;
        }

        var name = step.Stage == TrainingStage.Pretraining ? "pre-training, epoch" : "epoch";
        task!.Value = step.Step;
        task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}  {step.SamplesPerSecond:0} products/s  {Duration.Of(step.TimeLeft)} left");
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport epoch) => terminal.Line(EpochLine.Of(epoch));
}
