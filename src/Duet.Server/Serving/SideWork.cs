// Work that is much longer than a forward pass, beside the batches.
using Duet.Server.Batching;
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Serving;

/// <summary>Explanations and zero-shot answers, one after the other on a thread of their own, a few waiting at most.</summary>
internal sealed class SideWork : IDisposable
{
    private const int Limit = 16;

    private readonly ComputeThread _thread = new("Duet side work");
    private int _waiting;

    /// <summary>Runs work when its turn comes.</summary>
    /// <param name="work">The work; it stops when it is cancelled.</param>
    /// <param name="cancellation">Ends the wait and the work.</param>
    /// <exception cref="ProblemException">Too many wait.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > Limit)
            {
                throw new ProblemException(
                    StatusCodes.Status429TooManyRequests,
                    "More explanations and zero-shot requests are waiting than this service takes; send the request again later."
                )
                {
                    RetryAfter = TimeSpan.FromSeconds(5),
                };
            }

            // The caller waits until the work has stopped: it uses the caller's model.
            return await _thread.RunAsync(() =>
            {
                cancellation.ThrowIfCancellationRequested();
                return work();
            });
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _thread.Dispose();
}
