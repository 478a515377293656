// Progress where nobody watches: whole lines, few of them.
using System.Diagnostics;
using System.Globalization;
using Duet.Training;

namespace Duet.Cli.Console;

/// <summary>Writes a line per epoch, and one now and then in long epochs.</summary>
internal sealed class PlainProgress(Terminal terminal) : ITrainingProgress
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private TimeSpan _left;

    /// <inheritdoc/>
    public void Note(string text) => WriteLine(text);

    /// <inheritdoc/>
    public void Scanned(int done, int total)
    {
        if (_sinceLine.Elapsed >= Silence)
        {
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"checked {done} of {total} pictures"));
        }
    }

    /// <inheritdoc/>
    public void Embedded(int done, int total)
    {
        if (_sinceLine.Elapsed >= Silence)
        {
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"the towers have seen {done} of {total} products"));
        }
    }

    /// <inheritdoc/>
    public void Step(StepReport step)
    {
        _left = step.TimeLeft;
        if (_sinceLine.Elapsed >= Silence)
        {
            WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"step {step.Step}/{step.Steps}  loss {step.Loss:0.0000}  {step.SamplesPerSecond:0} products/s  "
                        + $"{Duration.Of(step.TimeLeft)} left"
                )
            );
        }
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport epoch) =>
        WriteLine(epoch.Epoch < epoch.Epochs ? $"{EpochLine.Of(epoch)}  {Duration.Of(_left)} left" : EpochLine.Of(epoch));

    private void WriteLine(string text)
    {
        terminal.Line(text);
        _sinceLine.Restart();
    }
}
