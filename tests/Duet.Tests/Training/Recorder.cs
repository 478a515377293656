// Listens to a run, and can step in at any of its steps.
using Duet.Training;

namespace Duet.Tests.Training;

internal sealed class Recorder(Action<StepReport>? onStep = null, Action<EpochReport>? onEpoch = null) : ITrainingProgress
{
    public List<string> Notes { get; } = [];

    public List<StepReport> Steps { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public void Note(string text) => Notes.Add(text);

    public List<(int Done, int Total)> Embeddings { get; } = [];

    public void Embedded(int done, int total) => Embeddings.Add((done, total));

    public void Scanned(int done, int total) { }

    public void Step(StepReport step)
    {
        Steps.Add(step);
        onStep?.Invoke(step);
    }

    public void Epoch(EpochReport epoch)
    {
        Epochs.Add(epoch);
        onEpoch?.Invoke(epoch);
    }
}
