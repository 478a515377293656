// What is to be trained: a new run, or one that goes on.
using Duet.Data;
using Duet.Models.Pretrained;
using Duet.Runs;

namespace Duet.Training;

/// <summary>A training job: a new run, a run that is continued, or a finished one that is extended.</summary>
public sealed class TrainingJob
{
    private readonly RunConfiguration _configuration;
    private readonly RunFolder _folder;
    private readonly bool _resumed;
    private readonly TimeProvider _time;
    private readonly bool _prolongs;

    private TrainingJob(RunConfiguration configuration, RunFolder folder, bool resumed, TimeProvider? time = null, bool prolongs = false) =>
        (_configuration, _folder, _resumed, _time, _prolongs) = (
            configuration with
            {
                Training = configuration.Training.Decided(),
            },
            folder,
            resumed,
            time ?? TimeProvider.System,
            prolongs
        );

    // Other threads than the run began with, where it has any epoch to go.
    private bool ChangesThreads =>
        _resumed
        && _folder.LoadConfiguration().Training is var saved
        && (saved.Threads, saved.AdaptThreads) != (_configuration.Training.Threads, _configuration.Training.AdaptThreads)
        && CheckpointStore.States(_folder.CheckpointFolder) is not [{ Stage: TrainingStage.Finished }, ..];

    /// <summary>The run's configuration, with what was left to this machine decided.</summary>
    public RunConfiguration Configuration => _configuration;

    /// <summary>A new run.</summary>
    /// <param name="configuration">Everything that was decided; validated here.</param>
    /// <param name="output">The run folder, not there yet or empty.</param>
    /// <param name="time">The clock that says when a checkpoint is due; the system's where null.</param>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    /// <exception cref="RunException">The folder holds something already.</exception>
    public static TrainingJob Start(RunConfiguration configuration, string output, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        if (File.Exists(output))
        {
            throw new RunException($"{output} is a file, and a run is a folder. Name another --output.");
        }

        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any())
        {
            throw new RunException(
                File.Exists(new RunFolder(output).ConfigurationFile)
                    ? $"{output} holds a run already. Continue it with --resume, or name another --output."
                    : $"{output} is not empty and holds no run. Name another --output."
            );
        }

        return new TrainingJob(configuration, new RunFolder(output), resumed: false, time);
    }

    /// <summary>Continues a run from its newest whole checkpoint, or from its beginning where it was killed before the first.</summary>
    /// <param name="output">The run folder.</param>
    /// <param name="maxLost">What may be lost this time beyond what was lost when the run began, see
    /// <see cref="DataConfiguration.MaxLost"/>; null for what the run says.</param>
    /// <exception cref="OptionException"><paramref name="maxLost"/> is outside its range.</exception>
    /// <exception cref="RunException">The folder is not a run, or is damaged.</exception>
    public static TrainingJob Resume(string output, double? maxLost = null)
    {
        var folder = new RunFolder(output);
        var configuration = folder.LoadConfiguration();
        configuration = configuration with { Data = configuration.Data with { MaxLost = maxLost ?? configuration.Data.MaxLost } };
        configuration.Validate();
        return new TrainingJob(configuration, folder, resumed: true);
    }

    /// <summary>The same job with another number of threads. The weights of a run that goes on so differ in their last bits from those that
    /// it would have had.</summary>
    /// <param name="threads">Threads that compute, 1 to 1024.</param>
    /// <param name="adapt">Whether the fastest number up to it is found out before every epoch, see
    /// <see cref="TrainingOptions.AdaptThreads"/>.</param>
    /// <exception cref="OptionException">The number is outside its range.</exception>
    public TrainingJob WithThreads(int threads, bool adapt = false)
    {
        var changed = _configuration with { Training = _configuration.Training with { Threads = threads, AdaptThreads = adapt } };
        changed.Validate();
        return new TrainingJob(changed, _folder, _resumed, _time, _prolongs);
    }

    /// <summary>
    /// Extends a finished run: it continues from its last epoch's checkpoint, with a learning rate that warms up again and anneals to the
    /// new end. Stopped or killed, it is resumed like any other (<see cref="Resume"/>).
    /// </summary>
    /// <param name="output">The run folder.</param>
    /// <param name="epochs">The epochs that the run should have in all, more than it has now.</param>
    /// <param name="maxLost">What may be lost this time beyond what was lost when the run began; null for what the run says.</param>
    /// <exception cref="OptionException">The run is not finished, has as many epochs already, or has no checkpoint to go on
    /// from.</exception>
    /// <exception cref="RunException">The folder is not a run, or is damaged.</exception>
    public static TrainingJob Prolong(string output, int epochs, double? maxLost = null)
    {
        var folder = new RunFolder(output);
        var configuration = folder.LoadConfiguration();
        var states = CheckpointStore.States(folder.CheckpointFolder);
        OptionException.Require(
            states is [{ Stage: TrainingStage.Finished }, ..],
            $"The run in {output} is not finished, and has {configuration.Training.Epochs} epochs to make. Go on with it first "
                + $"(--resume without --epochs); a finished run can be prolonged."
        );
        var last = states.FirstOrDefault(state => state.Stage == TrainingStage.Training);
        OptionException.Require(
            last is not null,
            $"The run in {output} cannot be extended: the checkpoint of its last epoch is not in {folder.CheckpointFolder}. Start a "
                + $"new run from it with --pretrained {output}."
        );
        OptionException.Require(
            epochs > last!.Epoch && epochs > configuration.Training.Epochs,
            $"epochs is {epochs}, and the run in {output} is finished with {Math.Max(last.Epoch, configuration.Training.Epochs)}. To "
                + $"extend it, give the total number of epochs: --resume --epochs {2 * configuration.Training.Epochs}, for instance."
        );
        var prolonged = configuration with
        {
            Training = configuration.Training with { Epochs = epochs },
            Prolonged = [.. configuration.Prolonged, last.Epoch],
            Data = configuration.Data with { MaxLost = maxLost ?? configuration.Data.MaxLost },
        };
        prolonged.Validate();
        return new TrainingJob(prolonged, folder, resumed: true, prolongs: true);
    }

    /// <summary>Trains until the end or until asked to stop. Call it on the thread that should compute.</summary>
    /// <exception cref="TableException">
    /// The table cannot be read as the options say, or more of it is lost than <see cref="DataConfiguration.MaxLost"/> allows: a new run
    /// then leaves no folder, and <c>OUTPUT.quarantine.csv</c> lists what was lost.
    /// </exception>
    /// <exception cref="PretrainedException">The pre-trained source cannot be used or does not fit the system.</exception>
    /// <exception cref="RunException">Another process trains in the run folder.</exception>
    /// <exception cref="TrainingException">Training cannot go on; the message says at which step and why.</exception>
    public TrainingResult Run(ITrainingProgress progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return new TrainingRun(_configuration, _folder, _resumed, _prolongs || ChangesThreads, _time, progress, cancellation).Run();
    }
}

/// <summary>Training stopped for a reason the message names, with the step and what to change.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public TrainingException() { }

    /// <summary>Creates an error with a message.</summary>
    public TrainingException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException) { }
}
