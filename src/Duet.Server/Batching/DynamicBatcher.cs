// Single items in, batches through a model, single answers out.
using System.Threading.Channels;

namespace Duet.Server.Batching;

/// <summary>
/// Groups items of many callers. A place is reserved before an item is prepared, so that what is being decoded counts as well; places are
/// bounded. A batch goes when it is full, when its first item has waited long enough, or when no other item is on its way: waiting for
/// nobody helps nobody. While a batch is worked on, the next one gathers.
/// </summary>
internal sealed class DynamicBatcher<TItem, TAnswer> : IAsyncDisposable
{
    private readonly Channel<QueuedItem<TItem, TAnswer>> _queue = Channel.CreateUnbounded<QueuedItem<TItem, TAnswer>>();
    private readonly SemaphoreSlim _gathering = new(1);
    private readonly BatchRules _rules;
    private readonly Func<IReadOnlyList<TItem>, IReadOnlyList<TAnswer>> _work;
    private readonly TimeProvider _time;
    private readonly IBatchObserver? _observer;
    private readonly Task[] _workers;
    private int _reserved;
    private int _queued;
    private double _secondsPerItem;

    /// <summary>Starts its threads.</summary>
    /// <param name="rules">Sizes and times.</param>
    /// <param name="work">Answers a batch: as many answers as items, in their order.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Told about every batch.</param>
    public DynamicBatcher(
        BatchRules rules,
        Func<IReadOnlyList<TItem>, IReadOnlyList<TAnswer>> work,
        TimeProvider time,
        IBatchObserver? observer = null
    )
    {
        (_rules, _work, _time, _observer) = (rules, work, time, observer);
        _workers = [.. Enumerable.Range(1, rules.Passes).Select(number => Task.Run(() => WorkAsync($"Duet forward {number}")))];
    }

    /// <summary>Items that wait or are on their way.</summary>
    public int Waiting => Volatile.Read(ref _reserved);

    /// <summary>How long what waits now will take, by the last batches.</summary>
    public TimeSpan Backlog => TimeSpan.FromSeconds(Waiting * Volatile.Read(ref _secondsPerItem));

    /// <summary>Reserves places; false where there are not as many left.</summary>
    public bool TryReserve(int count)
    {
        if (Interlocked.Add(ref _reserved, count) <= _rules.Limit)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -count);
        return false;
    }

    /// <summary>Gives a reserved place back whose item does not come.</summary>
    public void Release() => Interlocked.Decrement(ref _reserved);

    /// <summary>Takes the reserved place of an item and waits for its answer.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellation">Takes the item out of the queue; a batch that has begun is finished without its caller.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ChannelClosedException">The batcher was disposed of.</exception>
    public async Task<TAnswer> RunAsync(TItem item, CancellationToken cancellation)
    {
        var queued = new QueuedItem<TItem, TAnswer>(item, _time.GetTimestamp());
        Interlocked.Increment(ref _queued);
        using var registration = cancellation.UnsafeRegister(
            _ =>
            {
                TryTake(queued);
                queued.Cancel(cancellation);
            },
            state: null
        );
        if (!_queue.Writer.TryWrite(queued))
        {
            TryTake(queued);
            throw new ChannelClosedException("The model is being unloaded.");
        }

        return await queued.Answer;
    }

    /// <summary>Answers what is in the queue, then ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_workers);
        _gathering.Dispose();
    }

    private async Task WorkAsync(string name)
    {
        using var thread = new ComputeThread(name);
        var batch = new List<QueuedItem<TItem, TAnswer>>(_rules.Max);
        while (await GatherAsync(batch))
        {
            await thread.RunAsync(() =>
            {
                Run(batch);
                return true;
            });
            batch.Clear();
        }
    }

    // One worker gathers at a time: two would share what should be one batch.
    private async Task<bool> GatherAsync(List<QueuedItem<TItem, TAnswer>> batch)
    {
        await _gathering.WaitAsync();
        try
        {
            while (batch.Count == 0)
            {
                if (!await _queue.Reader.WaitToReadAsync())
                {
                    return false;
                }

                Take(batch);
            }

            while (
                batch.Count < _rules.Max && Volatile.Read(ref _reserved) > Volatile.Read(ref _queued) && await MoreAsync(batch[0].Arrived)
            )
            {
                Take(batch);
            }

            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    private async Task<bool> MoreAsync(long since)
    {
        var left = _rules.Wait - _time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        using var late = new CancellationTokenSource(left, _time);
        try
        {
            return await _queue.Reader.WaitToReadAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Take(List<QueuedItem<TItem, TAnswer>> batch)
    {
        while (batch.Count < _rules.Max && _queue.Reader.TryRead(out var item))
        {
            if (TryTake(item))
            {
                _observer?.Waited(_time.GetElapsedTime(item.Arrived));
                batch.Add(item);
            }
        }
    }

    private bool TryTake(QueuedItem<TItem, TAnswer> item)
    {
        if (!item.TryLeave())
        {
            return false;
        }

        Interlocked.Decrement(ref _queued);
        Interlocked.Decrement(ref _reserved);
        return true;
    }

    private void Run(List<QueuedItem<TItem, TAnswer>> batch)
    {
        var start = _time.GetTimestamp();
        Answer(batch);
        var elapsed = _time.GetElapsedTime(start);
        _observer?.Ran(batch.Count, elapsed);

        // An average that forgets: enough to say when to come back.
        const double weight = 0.2;
        var each = elapsed.TotalSeconds / batch.Count;
        Volatile.Write(ref _secondsPerItem, _secondsPerItem == 0 ? each : ((1 - weight) * _secondsPerItem) + (weight * each));
    }

    private void Answer(List<QueuedItem<TItem, TAnswer>> batch)
    {
#pragma warning disable CA1031 // Every error is the answer to its item.
        try
        {
            var answers = _work([.. batch.Select(item => item.Item)]);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Succeed(answers[i]);
            }
        }
        catch (Exception e) when (batch.Count == 1)
        {
            batch[0].Fail(e);
        }
        catch (Exception)
        {
            // One item may have spoilt the batch; alone each gets what it deserves.
            foreach (var item in batch)
            {
                Answer([item]);
            }
        }
#pragma warning restore CA1031
    }
}
