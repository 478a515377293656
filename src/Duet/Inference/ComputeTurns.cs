// Who may compute now: as many forward passes side by side as there are cores for.
using Duet.Torch;
using Duet.Training;

namespace Duet.Inference;

/// <summary>Turns at a model that many threads use.</summary>
internal sealed class ComputeTurns : IDisposable
{
    private readonly SemaphoreSlim _turns;
    private readonly int _passes;
    private readonly int _threads;
    private bool _closed;

    /// <summary>Creates the turns.</summary>
    /// <param name="threads">Threads of each forward pass.</param>
    /// <param name="passes">Forward passes at a time.</param>
    public ComputeTurns(int threads, int passes)
    {
        (_threads, _passes) = (threads, passes);
        _turns = new SemaphoreSlim(passes);
    }

    /// <summary>Waits for a turn, which ends when it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The model is gone.</exception>
    public Turn Take()
    {
        _turns.Wait();
        if (_closed)
        {
            _turns.Release();
            throw new ObjectDisposedException(typeof(DuetModel).FullName);
        }

        // libtorch keeps the number per thread, so a thread that asks for the first time sets it.
        if (TorchRuntime.Threads != _threads)
        {
            ComputeThreads.Use(_threads);
        }

        return new Turn(_turns);
    }

    /// <summary>Those who compute finish; those who wait for their turn find the model gone.</summary>
    public void Dispose()
    {
        for (var pass = 0; pass < _passes; pass++)
        {
            _turns.Wait();
        }

        _closed = true;
        _turns.Release(_passes);
    }

    /// <summary>A turn.</summary>
    public readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => turns.Release();
    }
}
