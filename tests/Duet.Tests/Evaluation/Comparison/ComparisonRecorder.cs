// Listens to a comparison, and can stop it.
using Duet.Studies.Comparison;
using Duet.Training;

namespace Duet.Tests.Evaluation.Comparison;

internal sealed class ComparisonRecorder(Action<StepReport>? onStep = null) : IComparisonProgress, ITrainingProgress
{
    public List<string> Notes { get; } = [];

    public List<string> Begun { get; } = [];

    public List<ComparedRun> Ended { get; } = [];

    /// <summary>The runs that were really trained, in part or whole.</summary>
    public int Trainings { get; private set; }

    public int Steps { get; private set; }

    public void Note(string text) => Notes.Add(text);

    public void Begin(ComparedSystem system, ulong seed, int number, int total) =>
        Begun.Add(FormattableString.Invariant($"{number}/{total} {system.Label} {seed}"));

    public TrainingResult Watch(Func<ITrainingProgress, TrainingResult> training)
    {
        Trainings++;
        return training(this);
    }

    public void End(ComparedRun run) => Ended.Add(run);

    public void Embedded(int done, int total) { }

    public void Scanned(int done, int total) { }

    public void Step(StepReport step)
    {
        Steps++;
        onStep?.Invoke(step);
    }

    public void Epoch(EpochReport epoch) { }
}
