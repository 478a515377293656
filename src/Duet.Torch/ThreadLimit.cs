// Leaves cores to others for a while.

namespace Duet.Torch;

/// <summary>
/// A region in which the operators of the calling thread use fewer threads than <see cref="TorchRuntime.SetThreads"/> gave it. It costs
/// next to nothing, so a forward pass can enter and leave it.
/// </summary>
/// <example><code>using (new ThreadLimit(1)) { text = tower.Forward(ids); }   // while another thread decodes a picture</code></example>
public sealed class ThreadLimit : IDisposable
{
    private readonly int _before = TorchRuntime.Threads;
    private bool _disposed;

    /// <summary>Opens the region on the current thread.</summary>
    /// <param name="threads">How many threads an operator may use; more than it has now change nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public ThreadLimit(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Set(Math.Min(threads, _before));
    }

    /// <summary>Ends the region, on the thread that opened it; a second time does nothing.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Set(_before);
        }
    }

    private static void Set(int threads) => TorchRuntime.SetThreads(threads);
}
