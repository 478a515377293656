// One step as reported.
namespace Duet.Training;

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
