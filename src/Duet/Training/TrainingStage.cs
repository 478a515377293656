// The stages of a run.
namespace Duet.Training;

/// <summary>A stage of training.</summary>
public enum TrainingStage
{
    /// <summary>The system's own pre-training, without labels.</summary>
    Pretraining,

    /// <summary>Training on the tasks.</summary>
    Training,

    /// <summary>All epochs are done, or training stopped early.</summary>
    Finished,
}
