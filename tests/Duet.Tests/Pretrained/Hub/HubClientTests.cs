// The hub client against a local server that behaves like the hub, and misbehaves like networks do.
using System.Net;
using System.Text;
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public sealed class HubClientTests : IDisposable
{
    private const string Large = "model.safetensors";

    private readonly FakeHub hub = new();
    private readonly string cache = Directory.CreateTempSubdirectory("duet-hub-").FullName;

    private string ModelFolder => Path.Combine(cache, "models--acme--tiny-clip");

    private string LargeBlob => Path.Combine(ModelFolder, "blobs", FakeHub.Sha256(hub.Files[Large]));

    public void Dispose()
    {
        hub.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pulls_a_model_into_the_hubs_own_layout(bool listsHashes)
    {
        hub.ListsHashes = listsHashes;
        var snapshot = await Pull();
        snapshot.Commit.ShouldBe(FakeHub.Commit);
        snapshot.Folder.ShouldBe(Path.Combine(ModelFolder, "snapshots", FakeHub.Commit));
        snapshot.Files.Select(file => file.Name).ShouldBe(["config.json", "merges.txt", "text/vocab.json", Large]);
        snapshot.Skipped.ShouldBe(["README.md", "pytorch_model.bin"]);
        foreach (var file in snapshot.Files)
        {
            (await File.ReadAllBytesAsync(file.Path)).ShouldBe(hub.Files[file.Name]);
            file.Cached.ShouldBeFalse();
        }

        new FileInfo(Path.Combine(snapshot.Folder, "text", "vocab.json")).LinkTarget.ShouldBe($"../../../blobs/{FakeHub.GitHash(hub.Files["text/vocab.json"])}");
        new FileInfo(Path.Combine(snapshot.Folder, Large)).LinkTarget.ShouldBe($"../../blobs/{FakeHub.Sha256(hub.Files[Large])}");
        (await File.ReadAllTextAsync(Path.Combine(ModelFolder, "refs", "main"))).ShouldBe(FakeHub.Commit);
        Directory.GetFiles(Path.Combine(ModelFolder, "blobs"), "*.incomplete").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        await Pull();
        var before = hub.StorageRequests.Count;
        (await Pull()).Files.ShouldAllBe(file => file.Cached);
        hub.StorageRequests.Count.ShouldBe(before);
        hub.HubRequests.Count(request => request.Method == "GET" && request.Path.EndsWith("config.json", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Patterns_choose_files()
    {
        (await Pull(include: ["*.json"])).Files.Select(file => file.Name).ShouldBe(["config.json", "text/vocab.json"]);
        (await Should.ThrowAsync<HubException>(() => Pull(include: ["*.bin"]))).Message.ShouldContain("none of its 6 files");
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_nowhere_else()
    {
        hub.Token = "hf_secret";
        await Pull(Options() with { Token = "hf_secret" });
        hub.HubRequests.ShouldAllBe(request => request.Header("Authorization") == "Bearer hf_secret");
        hub.StorageRequests.ShouldNotBeEmpty();
        hub.StorageRequests.ShouldAllBe(request => request.Header("Authorization") == null);
        Options().ToString().ShouldNotContain("hf_secret");
        (Options() with { Token = "hf_secret" }).ToString().ShouldNotContain("hf_secret");
    }

    [Fact]
    public async Task A_gated_model_says_what_is_missing()
    {
        hub.Token = "hf_secret";
        var error = await Should.ThrowAsync<HubException>(() => Pull());
        error.Status.ShouldBe(HttpStatusCode.Unauthorized);
        error.Message.ShouldContain("set HF_TOKEN");
        error.Message.ShouldContain("It says: Access to this model is restricted.");
        error.Message.ShouldNotContain("\u0007");
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { Token = "hf_wrong" }))).Message.ShouldContain("was not accepted");
        hub.HubRequests.Count.ShouldBe(2, "a refusal is not tried again");
    }

    [Fact]
    public async Task Refusals_are_told_apart()
    {
        (await Should.ThrowAsync<HubException>(() => Pull(repository: "acme/nothing"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Should.ThrowAsync<HubException>(() => Pull(revision: "v9"))).Message.ShouldContain("revision v9");
        hub.Trouble = _ => FakeResponse.Empty(403);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("Accept the model's conditions");
        hub.Trouble = _ => FakeResponse.Empty(418);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("418");
    }

    [Fact]
    public async Task Too_many_requests_waits_as_asked()
    {
        var refused = 0;
        hub.Trouble = request => request.Path.StartsWith("/api", StringComparison.Ordinal) && refused++ == 0 ? FakeResponse.Empty(429, ("Retry-After", "1")) : null;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Pull();
        watch.ElapsedMilliseconds.ShouldBeGreaterThan(900);
        refused.ShouldBe(2);
    }

    [Fact]
    public async Task Too_long_a_wait_is_an_error_that_says_how_long()
    {
        hub.Trouble = _ => FakeResponse.Empty(429, ("Retry-After", "7200"));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("7200 s");
        hub.HubRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Server_errors_are_tried_again_and_then_reported()
    {
        var count = 0;
        hub.Trouble = _ => ++count <= 2 ? FakeResponse.Empty(503) : null;
        await Pull();
        hub.Trouble = _ => FakeResponse.Empty(500);
        var error = await Should.ThrowAsync<HubException>(() => Pull());
        error.Status.ShouldBe(HttpStatusCode.InternalServerError);
        error.Message.ShouldContain("Tried 4 times");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_connection_is_resumed_where_the_server_can(bool ranges)
    {
        hub.Ranges = ranges;
        var cuts = 0;
        hub.StorageTrouble = request => cuts++ < 2 ? hub.Content(request, Large) with { CutAfter = 700_000 } : null;
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
        hub.StorageRequests.Count.ShouldBe(3);
        hub.StorageRequests[1].Header("Range").ShouldNotBeNull();
        hub.StorageRequests[0].Header("Range").ShouldBeNull();
    }

    [Fact]
    public async Task Progress_renews_the_retries_but_going_in_circles_does_not()
    {
        // 2 retries only, 6 cuts, each a little further on.
        var cuts = 0;
        hub.StorageTrouble = request => cuts++ < 6 ? hub.Content(request, Large) with { CutAfter = 400_000 } : null;
        await Pull(Options() with { Retries = 2 });
        hub.StorageRequests.Count.ShouldBe(7);

        // A server without ranges that always cuts at the same place gets nowhere.
        File.Delete(LargeBlob);
        hub.Ranges = false;
        hub.StorageTrouble = request => hub.Content(request, Large) with { CutAfter = 400_000 };
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { Retries = 2 }))).Message.ShouldContain("cut");
        hub.StorageRequests.Count.ShouldBeLessThan(7 + 6);
    }

    [Fact]
    public async Task A_new_process_continues_where_the_last_one_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        hub.StorageTrouble = request => hub.Content(request, Large) with { CutAfter = 1_000_000, Stall = true };
        await Should.ThrowAsync<OperationCanceledException>(() => Pull(progress: new Watcher(report =>
        {
            if (report.File == Large && report.FileBytes >= 1_000_000)
            {
                stop.Cancel();
            }
        }), cancellation: stop.Token));
        new FileInfo(LargeBlob + ".incomplete").Length.ShouldBe(1_000_000);
        File.Exists(Path.Combine(ModelFolder, "refs", "main")).ShouldBeFalse("half a snapshot has no reference");

        hub.StorageTrouble = null;
        await Pull();
        hub.StorageRequests[^1].Header("Range").ShouldBe("bytes=1000000-");
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_silent_connection_counts_as_cut()
    {
        var first = true;
        hub.StorageTrouble = request =>
        {
            var silent = first;
            first = false;
            return silent ? hub.Content(request, Large) with { CutAfter = 10, Stall = true } : null;
        };
        await Pull(Options() with { StallTimeout = TimeSpan.FromMilliseconds(500) });
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_and_removed()
    {
        hub.StorageTrouble = _ => new FakeResponse(200, new byte[hub.Files[Large].Length]);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("does not have the hash");
        File.Exists(LargeBlob).ShouldBeFalse();
        File.Exists(LargeBlob + ".incomplete").ShouldBeFalse();
        File.Exists(Path.Combine(ModelFolder, "refs", "main")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_rest_of_an_earlier_download_is_noticed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LargeBlob)!);
        await File.WriteAllBytesAsync(LargeBlob + ".incomplete", new byte[500]);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("does not have the hash");
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_rest_longer_than_the_file_is_dropped()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LargeBlob)!);
        await File.WriteAllBytesAsync(LargeBlob + ".incomplete", new byte[hub.Files[Large].Length + 1]);
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_small_file_is_checked_by_its_git_hash()
    {
        hub.Trouble = request => request.Method == "GET" && request.Path.EndsWith("config.json", StringComparison.Ordinal)
            ? new FakeResponse(200, Encoding.UTF8.GetBytes("""{"model_type":"evil"}"""))
            : null;
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("config.json");
    }

    [Fact]
    public async Task Sizes_that_disagree_and_sizes_above_the_limits_are_refused()
    {
        hub.StorageTrouble = _ => new FakeResponse(200, new byte[10]);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("announced 3000000 bytes and sends 10");
        hub.StorageTrouble = null;
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { MaximumFileSize = 1000 }))).Message.ShouldContain("at most 1000");
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { MaximumTotalSize = 1000 }))).Message.ShouldContain("at most 1000");
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { MaximumFiles = 2 }))).Message.ShouldContain("at most 2");
    }

    [Theory]
    [InlineData("../../evil.json")]
    [InlineData("/etc/evil.json")]
    [InlineData("a/../../evil.json")]
    [InlineData("a\\..\\evil.json")]
    [InlineData("C:evil.json")]
    [InlineData("a//b.json")]
    public async Task A_listed_file_that_would_leave_its_folder_stops_the_pull(string name)
    {
        hub.Files[name] = [1];
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("could leave its folder");
        Directory.Exists(Path.Combine(ModelFolder, "blobs")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha":"../..","siblings":[]}""")]
    [InlineData("""{"sha":"abc","siblings":[{"rfilename":"a.json"},{"rfilename":"a.json"}]}""")]
    [InlineData("""{"sha":"abc","siblings":[{"rfilename":7}]}""")]
    public async Task A_listing_that_is_none_is_refused(string listing)
    {
        hub.Trouble = _ => new FakeResponse(200, Encoding.UTF8.GetBytes(listing));
        await Should.ThrowAsync<HubException>(() => Pull());
    }

    [Fact]
    public async Task A_file_without_a_hash_is_not_fetched()
    {
        hub.ListsHashes = false;
        hub.Trouble = request => request.Method == "HEAD" ? FakeResponse.Empty(200, ("ETag", "\"abc\"")) : null;
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("no hash");
    }

    [Fact]
    public async Task A_server_without_head_is_taken_by_its_listing()
    {
        hub.Trouble = request => request.Method == "HEAD" ? FakeResponse.Empty(405) : null;
        (await Pull()).Files.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Redirects_go_in_circles_only_so_often_and_never_to_files()
    {
        hub.Trouble = request => FakeResponse.Empty(307, ("Location", request.Target));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("more than 10 times");
        hub.Trouble = _ => FakeResponse.Empty(302, ("Location", "file:///etc/passwd"));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("not followed");
    }

    [Fact]
    public async Task A_renamed_model_is_found()
    {
        hub.Trouble = request => request.Target.Contains("acme/old", StringComparison.Ordinal)
            ? FakeResponse.Empty(307, ("Location", request.Target.Replace("acme/old", FakeHub.Repository, StringComparison.Ordinal)))
            : null;
        (await Pull(repository: "acme/old")).Files.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Offline_uses_the_cache_and_says_when_it_cannot()
    {
        var offline = Options() with { Offline = true };
        (await Should.ThrowAsync<HubException>(() => Pull(offline))).Message.ShouldContain("offline mode is on");
        var online = await Pull();
        var before = hub.HubRequests.Count;
        var found = await Pull(offline);
        found.Folder.ShouldBe(online.Folder);
        found.Files.Select(file => file.Name).Order(StringComparer.Ordinal).ShouldBe(online.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        (await Pull(offline, revision: FakeHub.Commit)).Commit.ShouldBe(FakeHub.Commit);
        hub.HubRequests.Count.ShouldBe(before);
        File.Delete(LargeBlob);
        (await Should.ThrowAsync<HubException>(() => Pull(offline))).Message.ShouldContain("content is gone");
    }

    [Fact]
    public async Task Two_pulls_at_once_fetch_each_file_once()
    {
        await Task.WhenAll(Pull(), Pull(), Pull());
        hub.StorageRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Progress_ends_at_the_whole()
    {
        var reports = new List<HubProgress>();
        await Pull(progress: new Watcher(reports.Add));
        reports[^1].TotalBytes.ShouldBe(reports[^1].TotalSize);
        reports.Select(report => report.TotalBytes).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var error = await Should.ThrowAsync<HubException>(() => Pull(Options() with { BaseAddress = new Uri("http://127.0.0.1:9/"), Retries = 1 }));
        error.Message.ShouldContain("127.0.0.1 cannot be reached");
        error.Message.ShouldContain("Tried 2 times");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("a/..")]
    [InlineData("a b")]
    [InlineData("a/b\n")]
    [InlineData("-x/y")]
    public async Task Names_that_are_none_are_refused(string repository)
    {
        await Should.ThrowAsync<ArgumentException>(() => Pull(repository: repository));
        await Should.ThrowAsync<ArgumentException>(() => Pull(revision: repository.Length == 0 ? "/" : "../" + repository));
        hub.HubRequests.ShouldBeEmpty();
    }

    [Fact]
    public void A_token_is_not_sent_unencrypted()
    {
        Should.Throw<HubException>(() => new HubClient(Options() with { BaseAddress = new Uri("http://example.org"), Token = "hf" })).Message.ShouldContain("unencrypted");
        Should.Throw<HubException>(() => new HubClient(Options() with { Token = "a\r\nb" })).Message.ShouldContain("characters");
    }

    private HubOptions Options() => new() { BaseAddress = hub.Address, CacheFolder = cache, Retries = 3, RetryDelay = TimeSpan.FromMilliseconds(5) };

    private async Task<HubSnapshot> Pull(
        HubOptions? options = null,
        string repository = FakeHub.Repository,
        string revision = "main",
        string[]? include = null,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var client = new HubClient(options ?? Options());
        return await client.PullAsync(repository, revision, include, progress, cancellation);
    }

    // Progress<T> reports later, on another thread; tests need it at once.
    private sealed class Watcher(Action<HubProgress> seen) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => seen(value);
    }
}
