// Progress that is told at once, on the job's own thread.
namespace Duet.Tests.Inference;

internal sealed class Told<T>(List<T> reports, Action<T>? then = null) : IProgress<T>
{
    public void Report(T value)
    {
        reports.Add(value);
        then?.Invoke(value);
    }
}
