// Works ahead on several threads and still delivers in order.
using System.Collections.Concurrent;

namespace Duet.Data;

/// <summary>Runs jobs on worker threads ahead of the consumer, bounded, with results in the order of the jobs.</summary>
internal static class OrderedPrefetch
{
    /// <summary>Streams the results. Abandoning the enumeration stops the workers and disposes what nobody will take.</summary>
    /// <param name="jobs">The jobs; enumerated by one worker at a time.</param>
    /// <param name="work">What a worker does with a job.</param>
    /// <param name="workers">Number of worker threads.</param>
    /// <param name="depth">The most results that wait for the consumer.</param>
    /// <param name="cancellation">Stops everything.</param>
    public static IEnumerable<TOut> Run<TIn, TOut>(
        IEnumerable<TIn> jobs,
        Func<TIn, TOut> work,
        int workers,
        int depth,
        CancellationToken cancellation
    )
        where TOut : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<TaskCompletionSource<TOut>>(depth);
        using var source = jobs.GetEnumerator();
        var feeder = new Feeder<TIn, TOut>(source, queue, work, stop.Token);
        var threads = Enumerable.Range(0, workers).Select(i => BackgroundThread.Start($"duet-loader-{i}", feeder.Work)).ToArray();
        try
        {
            foreach (var pending in queue.GetConsumingEnumerable(cancellation))
            {
                yield return pending.Task.GetAwaiter().GetResult();
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var thread in threads)
            {
                thread.Join();
            }

            while (queue.TryTake(out var pending))
            {
                if (pending.Task.IsCompletedSuccessfully)
                {
                    pending.Task.Result.Dispose();
                }
            }
        }
    }

    private sealed class Feeder<TIn, TOut>(
        IEnumerator<TIn> source,
        BlockingCollection<TaskCompletionSource<TOut>> queue,
        Func<TIn, TOut> work,
        CancellationToken stop
    )
    {
        private readonly Lock _gate = new();
        private bool _ended;

        /// <summary>A worker's life: take the next job and its place in the queue, do it, again.</summary>
        public void Work()
        {
            while (TryTake(out var job, out var place))
            {
                try
                {
                    place.SetResult(work(job));
                }
                catch (Exception e)
                {
                    // Every error belongs to the consumer, who meets it in this result's turn.
                    place.SetException(e);
                }
            }
        }

        private bool TryTake(out TIn job, out TaskCompletionSource<TOut> place)
        {
            (job, place) = (default!, new TaskCompletionSource<TOut>());
            lock (_gate)
            {
                if (_ended)
                {
                    return false;
                }

                try
                {
                    if (source.MoveNext())
                    {
                        job = source.Current;
                        queue.Add(place, stop);
                        return true;
                    }
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // The consumer has gone; nobody will take a further result.
                }
                catch (Exception e)
                {
                    place.SetException(e);
                    AddUnlessStopped(place);
                }

                _ended = true;
                queue.CompleteAdding();
                return false;
            }
        }

        private void AddUnlessStopped(TaskCompletionSource<TOut> place)
        {
            try
            {
                queue.Add(place, stop);
            }
            catch (OperationCanceledException)
            {
                // The consumer has gone and will not see the error either.
            }
        }
    }
}
