// What a comparison reports while it works.
using Duet.Training;

namespace Duet.Studies.Comparison;

/// <summary>Receives a comparison's progress.</summary>
public interface IComparisonProgress
{
    /// <summary>A remark worth a line.</summary>
    void Note(string text);

    /// <summary>A run begins or is resumed.</summary>
    /// <param name="system">The system.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="number">The run's number, counted from 1.</param>
    /// <param name="total">The number of runs.</param>
    void Begin(ComparedSystem system, ulong seed, int number, int total);

    /// <summary>Calls a training job with something that receives its progress.</summary>
    TrainingResult Watch(Func<ITrainingProgress, TrainingResult> training);

    /// <summary>A run is done, was done before, or failed.</summary>
    void End(ComparedRun run);
}
