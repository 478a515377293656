// Fetches one file: resumes, checks size and hash, and only then gives it its name.
using System.Net;

namespace Duet.Models.Pretrained.Hub;

internal sealed class HubDownload(
    HubTransport transport,
    HubOptions options,
    HubCache cache,
    string repository,
    Action<string, long, long?> report,
    string expectedBy = "the server announced"
)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Fetches the file into the cache's blobs, unless it is there.</summary>
    /// <returns>Whether anything had to be fetched.</returns>
    /// <exception cref="HubException">It cannot be fetched, or is not what the server promised.</exception>
    public async Task<bool> RunAsync(HubPlan plan, CancellationToken cancellation)
    {
        using var held = await cache.LockAsync(plan.Hash, cancellation).ConfigureAwait(false);
        if (File.Exists(cache.Blob(plan.Hash)))
        {
            return false;
        }

        var what = $"{repository}, file {plan.Name}";
        var incomplete = cache.Incomplete(plan.Hash);
        await transport
            .RetryAsync(what, (budget, token) => AttemptAsync(plan, what, incomplete, budget, token), cancellation)
            .ConfigureAwait(false);
        var found = await plan.Hash.OfAsync(incomplete, cancellation).ConfigureAwait(false);
        if (!string.Equals(found, plan.Hash.Value, StringComparison.Ordinal))
        {
            File.Delete(incomplete);
            throw new HubException(
                $"{what}: its content does not have the hash {plan.Hash.Value} that {expectedBy}, but {found}; it was removed. Pull "
                    + $"again, or ask the server's keeper."
            );
        }

        File.Move(incomplete, cache.Blob(plan.Hash), overwrite: true);
        return true;
    }

    private async Task<long> AttemptAsync(HubPlan plan, string what, string incomplete, RetryBudget budget, CancellationToken cancellation)
    {
        await using var file = new FileStream(
            incomplete,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.Read,
            1,
            FileOptions.Asynchronous
        );
        if (file.Length > (plan.Size ?? long.MaxValue))
        {
            file.SetLength(0);
        }

        if (file.Length != plan.Size)
        {
            long? from = file.Length > 0 ? file.Length : null;
            using var response = await transport.GetAsync(plan.Address, from, what, cancellation).ConfigureAwait(false);
            var size = Begin(plan, what, response, file);
            await CopyAsync(plan, what, response, file, size, budget, cancellation).ConfigureAwait(false);
        }

        file.Flush(flushToDisk: true);
        return file.Length;
    }

    // Decides from the answer where the body belongs, and how long the whole file is.
    private long? Begin(HubPlan plan, string what, HttpResponseMessage response, FileStream file)
    {
        var range = response.Content.Headers.ContentRange;
        var resumed = response.StatusCode == HttpStatusCode.PartialContent && range?.From == file.Length;
        if (
            response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && !resumed)
        )
        {
            file.SetLength(0);
            throw new TransientHubException("the server did not continue where the file was cut; it starts again.");
        }

        if (!resumed)
        {
            file.SetLength(0);
        }

        file.Seek(0, SeekOrigin.End);
        var size = resumed ? range!.Length : response.Content.Headers.ContentLength;
        if (plan.Size is not null && size is not null && size != plan.Size)
        {
            file.SetLength(0);
            throw new HubException($"{what}: the server announced {plan.Size} bytes and sends {size}.");
        }

        size ??= plan.Size;
        return size > options.MaximumFileSize
            ? throw new HubException($"{what}: it has {size} bytes; at most {options.MaximumFileSize} are fetched.")
            : size;
    }

    private async Task CopyAsync(
        HubPlan plan,
        string what,
        HttpResponseMessage response,
        FileStream file,
        long? size,
        RetryBudget budget,
        CancellationToken cancellation
    )
    {
        var limit = size ?? options.MaximumFileSize;
        var buffer = new byte[BufferSize];
        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            var count = await ReadAsync(body, buffer, cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            if (file.Length + count > limit)
            {
                file.SetLength(0);
                throw new HubException($"{what}: the server sends more than the {limit} bytes announced or allowed.");
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            budget.Progress(file.Length);
            report(plan.Name, file.Length, size);
        }

        if (size is not null && file.Length != size)
        {
            throw new TransientHubException($"the connection was cut after {file.Length} of {size} bytes.");
        }
    }

    // Only reading from the network may be tried again; a full disk must not be.
    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            return await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new TransientHubException($"the connection was cut ({error.Message}).", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientHubException($"nothing arrived for {options.StallTimeout.TotalSeconds:0.#} s.", error);
        }
    }
}

/// <summary>The state of a download.</summary>
/// <param name="File">The file on its way.</param>
/// <param name="FileBytes">Its bytes on this machine, resumed ones included.</param>
/// <param name="FileSize">Its size, or null where the server did not say.</param>
/// <param name="TotalBytes">The bytes of all files on this machine.</param>
/// <param name="TotalSize">The size of all files as far as known.</param>
public sealed record HubProgress(string File, long FileBytes, long? FileSize, long TotalBytes, long TotalSize);

/// <summary>A file to fetch: where from, what it must be, and whether it is there already.</summary>
internal sealed record HubPlan(string Name, Uri Address, HubHash Hash, long? Size, bool Cached);
