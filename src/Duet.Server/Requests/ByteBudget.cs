// How much memory the bodies of requests take together.
namespace Duet.Server.Requests;

/// <summary>Bytes that may be in use at a time: many large bodies at once would use up the machine's memory.</summary>
internal sealed class ByteBudget(long total)
{
    private long _used;

    /// <summary>Takes bytes until the result is disposed of; null where there are not as many left.</summary>
    public IDisposable? TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= total)
        {
            return new Share(this, bytes);
        }

        Interlocked.Add(ref _used, -bytes);
        return null;
    }

    private sealed class Share(ByteBudget budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref budget._used, -Interlocked.Exchange(ref _bytes, 0));
    }
}
