// What a run reports while it works.
namespace Duet.Training;

/// <summary>Receives a run's progress. Nothing below the command line writes to the console: it writes here.</summary>
public interface ITrainingProgress
{
    /// <summary>A remark worth a line: the split, truncated texts, a damaged checkpoint.</summary>
    void Note(string text);

    /// <summary>Pictures looked at before the first epoch.</summary>
    void Scanned(int done, int total);

    /// <summary>Products whose sequences the frozen towers have computed, see <see cref="TrainingOptions.CacheTowers"/>.</summary>
    void Embedded(int done, int total);

    /// <summary>One optimiser step was made.</summary>
    void Step(StepReport step);

    /// <summary>One epoch was finished and validated.</summary>
    void Epoch(EpochReport epoch);
}
