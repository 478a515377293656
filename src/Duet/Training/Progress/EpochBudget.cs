// From minutes to epochs.
using Duet.Models;
using Duet.Runs;

namespace Duet.Training;

/// <summary>Measures how long a step of a system takes on this table and this machine, and how many epochs fit a time.</summary>
public static class EpochBudget
{
    private const int MaxEpochs = 100_000;

    // The first steps pay for memory and kernels that later ones find ready, the first epoch for decoding pictures that later ones find in
    // memory.
    private const int SettlingSteps = 3;
    private const int MinSteps = 5;
    private const double PartOfBudget = 0.05;
    private const double LongestSeconds = 60;

    /// <summary>
    /// The number of epochs of training on the tasks (validation and pre-training not counted) that fit the minutes: at least 1.
    /// A throw-away run in <paramref name="folder"/> is trained for a twentieth of the budget, a minute at most.
    /// </summary>
    /// <param name="configuration">The run whose epochs are wanted.</param>
    /// <param name="minutes">The budget, 0.01 to 100,000.</param>
    /// <param name="folder">Where the throw-away run goes: removed afterwards, and before where a killed measurement left it.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <exception cref="OptionException">The minutes are outside their range.</exception>
    /// <exception cref="RunException">The folder holds something that is not a run.</exception>
    /// <exception cref="OperationCanceledException">The warm-up was stopped.</exception>
    public static int Measure(RunConfiguration configuration, double minutes, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        OptionException.Require("minutes", minutes, 0.01, 100_000, "it is the time of one run");
        var endless = configuration.Training with { Epochs = MaxEpochs, PretrainEpochs = 0, Patience = 0, CheckpointMinutes = MaxEpochs };
        if (File.Exists(new RunFolder(folder).ConfigurationFile))
        {
            Remove(folder);
        }

        var job = TrainingJob.Start(configuration with { Training = endless }, folder);
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var watch = new Warmup(Math.Min(minutes * 60 * PartOfBudget, LongestSeconds), enough);
            job.Run(watch, enough.Token);
            cancellation.ThrowIfCancellationRequested();
            return (int)Math.Clamp(Math.Floor(minutes * 60 / watch.SecondsPerEpoch), 1, MaxEpochs);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Warmup(double seconds, CancellationTokenSource enough) : ITrainingProgress
    {
        private double _settled;
        private long _settledStep;

        public double SecondsPerEpoch { get; private set; }

        public void Note(string text) { }

        public void Embedded(int done, int total) { }

        public void Scanned(int done, int total) { }

        public void Epoch(EpochReport epoch) { }

        // The report's estimate of the time left is the mean time of a step so far, times the steps left.
        public void Step(StepReport step)
        {
            var spent = step.TimeLeft.TotalSeconds / (step.Steps - step.Step) * step.Step;
            var stepsPerEpoch = step.Steps / step.Epochs;
            if (step.Step <= SettlingSteps || step.Step == stepsPerEpoch)
            {
                (_settled, _settledStep) = (spent, step.Step);
                return;
            }

            var measured = step.Step - _settledStep;
            SecondsPerEpoch = (spent - _settled) / measured * stepsPerEpoch;
            if (measured >= MinSteps && spent >= seconds)
            {
                enough.Cancel();
            }
        }
    }
}
