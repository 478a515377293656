// What tests of the hub client share: a hub, a cache folder, a client.
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public abstract class HubTests : IDisposable
{
    protected const string Large = "model.safetensors";

    internal readonly FakeHub hub = new();
    private readonly string _cache = Directory.CreateTempSubdirectory("duet-hub-").FullName;

    protected string ModelFolder => Path.Combine(_cache, "models--acme--tiny-clip");

    protected string LargeBlob => Path.Combine(ModelFolder, "blobs", FakeHub.Sha256(hub.Files[Large]));

    public void Dispose()
    {
        hub.Dispose();
        Directory.Delete(_cache, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected HubOptions Options() =>
        new()
        {
            BaseAddress = hub.Address,
            CacheFolder = _cache,
            Retries = 3,
            RetryDelay = TimeSpan.FromMilliseconds(5),
        };

    protected async Task<HubSnapshot> Pull(
        HubOptions? options = null,
        string repository = FakeHub.Repository,
        string revision = "main",
        string[]? include = null,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using var client = new HubClient(options ?? Options());
        return await client.PullAsync(repository, revision, include, progress, cancellation);
    }

    // Progress<T> reports later, on another thread; tests need it at once.
    protected sealed class Watcher(Action<HubProgress> seen) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => seen(value);
    }
}
