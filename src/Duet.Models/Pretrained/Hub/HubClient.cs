// Fetches published models from a hub-style server into a local cache.
using System.Net;

namespace Duet.Models.Pretrained.Hub;

/// <summary>
/// A client for servers that speak the Hugging Face hub's protocol. Files land in the hub's own cache layout, so other tools find them.
/// Only files that are pure data are fetched (json, txt, safetensors, SentencePiece models, gzipped vocabularies), never pickles.
/// Safe for use from many threads and processes at once.
/// </summary>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly HubTransport _transport;

    /// <summary>Makes a client.</summary>
    /// <param name="options">Server, cache, token and limits; from the environment where null.</param>
    /// <exception cref="HubException">A token is set for a server without encryption.</exception>
    public HubClient(HubOptions? options = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _transport = new HubTransport(_options);
    }

    /// <summary>Fetches a model's files, or finds them in the cache.</summary>
    /// <param name="repository">The model, as in <c>openai/clip-vit-base-patch32</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="include">Patterns of file names (<c>*</c> and <c>?</c>) to fetch; all allowed kinds where null or empty.</param>
    /// <param name="progress">Told about every megabyte or so.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept and continued next time.</param>
    /// <exception cref="ArgumentException">The name or the revision is not one.</exception>
    /// <exception cref="HubException">The model cannot be fetched; the message says why and what to do.</exception>
    /// <exception cref="IOException">The cache cannot be written, for instance because the disk is full.</exception>
    public async Task<HubSnapshot> PullAsync(
        string repository,
        string revision = "main",
        IReadOnlyList<string>? include = null,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(revision);
        HubNames.CheckRepository(repository);
        HubNames.CheckRevision(revision);
        var cache = HubCache.Of(_options.CacheFolder, repository);
        if (_options.Offline)
        {
            return FromCache(cache, repository, revision, include);
        }

        var listing = await ListAsync(repository, revision, cancellation).ConfigureAwait(false);
        var wanted = listing.Files.Where(file => HubNames.IsAllowed(file.Name) && HubNames.IsIncluded(file.Name, include)).ToList();
        if (wanted.Count == 0)
        {
            throw new HubException(
                $"{repository}: none of its {listing.Files.Count} files can be used; usable are "
                    + $"{HubNames.AllowedKinds}{(include is { Count: > 0 } ? $" that match {string.Join(", ", include)}" : string.Empty)}."
            );
        }

        var plans = new List<HubPlan>();
        foreach (var file in wanted)
        {
            plans.Add(await PlanAsync(cache, repository, listing.Commit, file, cancellation).ConfigureAwait(false));
        }

        CheckSizes(repository, plans);
        var files = await FetchAsync(cache, repository, listing.Commit, plans, progress, cancellation).ConfigureAwait(false);
        cache.SetReference(revision, listing.Commit);
        string[] skipped = [.. listing.Files.Except(wanted).Select(file => file.Name).Order(StringComparer.Ordinal)];
        return new HubSnapshot(repository, revision, listing.Commit, cache.Snapshot(listing.Commit), files, skipped);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static HubSnapshot FromCache(HubCache cache, string repository, string revision, IReadOnlyList<string>? include)
    {
        var commit =
            cache.Resolve(revision)
            ?? throw new HubException(
                $"{repository}, revision {revision}: it is not in the cache {cache.Folder}, and offline mode is on. Pull it once with "
                    + $"a connection (unset HF_HUB_OFFLINE)."
            );
        var folder = cache.Snapshot(commit);
        if (!Directory.Exists(folder))
        {
            throw new HubException(
                $"{folder}: the snapshot is gone from the cache, and offline mode is on. Pull it again with a connection."
            );
        }

        var files = new List<HubFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (!HubNames.IsAllowed(name) || !HubNames.IsIncluded(name, include))
            {
                continue;
            }

            var target = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            files.Add(
                target.Exists
                    ? new HubFile(name, path, target.Length, Cached: true)
                    : throw new HubException(
                        $"{path}: its content is gone from the cache, and offline mode is on. Pull it again with a connection."
                    )
            );
        }

        return new HubSnapshot(repository, revision, commit, folder, files, []);
    }

    private async Task<HubListing> ListAsync(string repository, string revision, CancellationToken cancellation)
    {
        var what = $"{repository}, revision {revision} at {_options.BaseAddress}";
        var address = Address($"api/models/{Escape(repository)}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        var json = await _transport
            .RetryAsync(
                what,
                async (_, token) =>
                {
                    using var response = await _transport.GetAsync(address, null, what, token).ConfigureAwait(false);
                    return await HubBody.ReadSmallAsync(response, _options, what, token).ConfigureAwait(false);
                },
                cancellation
            )
            .ConfigureAwait(false);
        return HubListing.Parse(json, what, _options.MaximumFiles);
    }

    private async Task<HubPlan> PlanAsync(
        HubCache cache,
        string repository,
        string commit,
        HubListedFile file,
        CancellationToken cancellation
    )
    {
        var what = $"{repository}, file {file.Name}";
        var address = Address($"{Escape(repository)}/resolve/{commit}/{Escape(file.Name)}");
        var (hash, size) = await _transport
            .RetryAsync(
                what,
                async (_, token) =>
                {
                    using var response = await _transport.HeadAsync(address, what, token).ConfigureAwait(false);
                    return (Hash(response), Size(response));
                },
                cancellation
            )
            .ConfigureAwait(false);
        if (hash?.Value.Length == file.Hash?.Value.Length && hash != file.Hash)
        {
            throw new HubException($"{what}: the server's listing gives it the hash {file.Hash?.Value}, its file address {hash?.Value}.");
        }

        hash ??= file.Hash ?? throw new HubException($"{what}: the server gives no hash to check it by, so it is not fetched.");
        return new HubPlan(file.Name, address, hash, size ?? file.Size, File.Exists(cache.Blob(hash)));
    }

    private static HubHash? Hash(HttpResponseMessage response) =>
        HubHash.Parse(Header(response, "X-Linked-Etag")) ?? HubHash.Parse(response.Headers.ETag?.Tag ?? Header(response, "ETag"));

    private static long? Size(HttpResponseMessage response)
    {
        if (
            long.TryParse(
                Header(response, "X-Linked-Size"),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var size
            )
        )
        {
            return size;
        }

        // A redirect's length is that of its own text.
        return response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private void CheckSizes(string repository, List<HubPlan> plans)
    {
        if (plans.Find(plan => plan.Size > _options.MaximumFileSize) is { } large)
        {
            throw new HubException(
                $"{repository}, file {large.Name}: it has {large.Size} bytes; at most {_options.MaximumFileSize} are fetched."
            );
        }

        var needed = plans.Where(plan => !plan.Cached).Sum(plan => (decimal)(plan.Size ?? 0));
        if (needed > _options.MaximumTotalSize)
        {
            throw new HubException(
                $"{repository}: {needed} bytes would be fetched; at most {_options.MaximumTotalSize} are. Fetch less with patterns."
            );
        }

        Directory.CreateDirectory(_options.CacheFolder);
        var free = new DriveInfo(_options.CacheFolder).AvailableFreeSpace;
        if (needed > free)
        {
            throw new HubException($"{repository}: {needed} bytes are to be fetched, but only {free} are free for {_options.CacheFolder}.");
        }
    }

    private async Task<List<HubFile>> FetchAsync(
        HubCache cache,
        string repository,
        string commit,
        List<HubPlan> plans,
        IProgress<HubProgress>? progress,
        CancellationToken cancellation
    )
    {
        var totalSize = plans.Sum(plan => plan.Size ?? 0);
        long done = 0;
        var download = new HubDownload(
            _transport,
            _options,
            cache,
            repository,
            (name, bytes, size) => progress?.Report(new HubProgress(name, bytes, size, done + bytes, totalSize))
        );
        var files = new List<HubFile>();
        foreach (var plan in plans)
        {
            var fetched = await download.RunAsync(plan, cancellation).ConfigureAwait(false);
            cache.Link(commit, plan.Name, plan.Hash);
            var length = new FileInfo(cache.Blob(plan.Hash)).Length;
            if (plan.Size is not null && length != plan.Size)
            {
                throw new HubException(
                    $"{cache.Blob(plan.Hash)}: it has {length} bytes, the server says {plan.Size}. Delete it and pull again."
                );
            }

            done += length;
            progress?.Report(new HubProgress(plan.Name, length, length, done, totalSize));
            files.Add(new HubFile(plan.Name, cache.SnapshotFile(commit, plan.Name), length, !fetched));
        }

        return files;
    }

    private Uri Address(string relative) => new(_options.BaseAddress, relative);

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
