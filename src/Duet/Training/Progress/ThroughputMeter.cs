// How fast training goes.
using System.Diagnostics;

namespace Duet.Training;

/// <summary>Measures products per second over everything between the first batch's begin and the latest batch's end, validation left
/// out.</summary>
internal sealed class ThroughputMeter
{
    // A wait longer than this between two batches is a validation or a checkpoint, not the loader.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _end;
    private TimeSpan _busy;
    private TimeSpan _begin;
    private long _samples;
    private long _batches;

    internal double SamplesPerSecond => _busy > TimeSpan.Zero ? _samples / _busy.TotalSeconds : 0;

    internal void Begin()
    {
        _begin = _clock.Elapsed;
        if (_batches > 0 && _begin - _end < LongestWait)
        {
            _busy += _begin - _end;
        }
    }

    internal void End(int samples)
    {
        _end = _clock.Elapsed;
        _busy += _end - _begin;
        _samples += samples;
        _batches++;
    }

    internal TimeSpan TimeFor(long batches) => _batches == 0 ? TimeSpan.Zero : _busy / _batches * batches;
}

/// <summary>What is known after a step.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Epochs">The stage's epochs.</param>
/// <param name="Step">Steps made in the stage.</param>
/// <param name="Steps">The stage's steps.</param>
/// <param name="Loss">The step's loss.</param>
/// <param name="LearningRate">The step's learning rate.</param>
/// <param name="SamplesPerSecond">Products per second since the run was started or resumed.</param>
/// <param name="TimeLeft">Estimated time to the end of the stage.</param>
public sealed record StepReport(
    TrainingStage Stage,
    int Epoch,
    int Epochs,
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    double SamplesPerSecond,
    TimeSpan TimeLeft
);
