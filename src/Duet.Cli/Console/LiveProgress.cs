// Progress where somebody watches: a bar that is redrawn, and a line per epoch above it.
using System.Globalization;
using Duet.Training;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws a bar for the current stage.</summary>
internal sealed class LiveProgress : ITrainingProgress
{
    private readonly Terminal _terminal;
    private readonly ProgressContext _context;
    private ProgressTask? _task;
    private TrainingStage? _stage;

    private LiveProgress(Terminal terminal, ProgressContext context) => (_terminal, _context) = (terminal, context);

    /// <summary>Runs a job under a live display, or under plain lines where the output is not a terminal.</summary>
    public static T Run<T>(Terminal terminal, Func<ITrainingProgress, T> job)
    {
        if (!terminal.IsLive)
        {
            return job(new PlainProgress(terminal));
        }

        var progress = terminal
            .Error.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn());
        return progress.Start(context => job(new LiveProgress(terminal, context)));
    }

    /// <inheritdoc/>
    public void Note(string text) => _terminal.Remark(text);

    /// <inheritdoc/>
    public void Scanned(int done, int total)
    {
        _task ??= _context.AddTask("looking at pictures", maxValue: Math.Max(total, 1));
        _task.Value = done;
    }

    /// <inheritdoc/>
    public void Embedded(int done, int total)
    {
        if (done == 0)
        {
            _task?.StopTask();
            _task = _context.AddTask("running the towers", maxValue: Math.Max(total, 1));
        }

        _task!.Value = done;
    }

    /// <inheritdoc/>
    public void Step(StepReport step)
    {
        if (_stage != step.Stage)
        {
            _task?.StopTask();
            _task = _context.AddTask("training", maxValue: Math.Max(step.Steps, 1));
            _stage = step.Stage;
        }

        var name = step.Stage == TrainingStage.Pretraining ? "pre-training, epoch" : "epoch";
        _task!.Value = step.Step;
        _task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}  {step.SamplesPerSecond:0} products/s  "
                + $"{Duration.Of(step.TimeLeft)} left"
        );
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport epoch) => _terminal.Line(EpochLine.Of(epoch));
}
