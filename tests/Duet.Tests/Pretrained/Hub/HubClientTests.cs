// The hub client against a local server that behaves like the hub.
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public sealed class HubClientTests : HubTests
{
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

        new FileInfo(Path.Combine(snapshot.Folder, "text", "vocab.json")).LinkTarget.ShouldBe(
            $"../../../blobs/{FakeHub.GitHash(hub.Files["text/vocab.json"])}"
        );
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
        hub.HubRequests.Count(request => request.Method == "GET" && request.Path.EndsWith("config.json", StringComparison.Ordinal))
            .ShouldBe(1);
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
    public async Task A_renamed_model_is_found()
    {
        hub.Trouble = request =>
            request.Target.Contains("acme/old", StringComparison.Ordinal)
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
        found
            .Files.Select(file => file.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(online.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
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
}
