// An item in the queue of a batcher.
namespace Duet.Server.Batching;

/// <summary>An item with the task that its caller waits for. It leaves the queue once: for a batch, or because nobody waits any
/// more.</summary>
internal sealed class QueuedItem<TItem, TAnswer>(TItem item, long arrived)
{
    // Continuations must not run on the thread that computes.
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public TItem Item => item;

    /// <summary>When it came, as a timestamp of the batcher's clock.</summary>
    public long Arrived => arrived;

    public Task<TAnswer> Answer => _answer.Task;

    /// <summary>Whether this call took it out of the queue.</summary>
    public bool TryLeave() => Interlocked.Exchange(ref _left, 1) == 0;

    public void Cancel(CancellationToken cancellation) => _answer.TrySetCanceled(cancellation);

    public void Succeed(TAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}
