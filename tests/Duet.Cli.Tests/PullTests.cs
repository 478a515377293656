// Pull, as users call it, against a local server that behaves like the hub and misbehaves like networks do.
using System.Diagnostics;
using Duet.Tests.Pretrained.Hub;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class PullTests(TrainedRun trained) : IDisposable
{
    private const string Large = "model.safetensors";

    private readonly FakeHub _hub = new();
    private readonly string _cache = Directory.CreateTempSubdirectory("duet-pull-").FullName;

    private string ModelFolder => Path.Combine(_cache, "models--acme--tiny-clip");

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public void A_model_lands_in_the_hubs_layout_and_is_there_without_the_network()
    {
        var result = Pull(FakeHub.Repository).ShouldEndWith(0);
        var snapshot = Path.Combine(ModelFolder, "snapshots", FakeHub.Commit);
        result.Output.Trim().ShouldBe(snapshot);
        result.Error.ShouldContain("pytorch_model.bin", Case.Sensitive, "pickles are not fetched, and that is said");
        File.ReadAllBytes(Path.Combine(snapshot, Large)).ShouldBe(_hub.Files[Large]);
        new FileInfo(Path.Combine(snapshot, Large)).LinkTarget.ShouldBe($"../../blobs/{FakeHub.Sha256(_hub.Files[Large])}");
        File.Exists(Path.Combine(snapshot, "text", "vocab.json")).ShouldBeTrue();
        File.ReadAllText(Path.Combine(ModelFolder, "refs", "main")).ShouldBe(FakeHub.Commit);

        var before = _hub.HubRequests.Count;
        PullWith("HF_HUB_OFFLINE", "1", FakeHub.Repository).ShouldEndWith(0).Output.Trim().ShouldBe(snapshot);
        _hub.HubRequests.Count.ShouldBe(before);
        PullWith("HF_HUB_OFFLINE", "1", "acme/other").ShouldEndWith(1).Error.ShouldContain("HF_HUB_OFFLINE");
    }

    [Fact]
    public void Redirects_are_followed_and_a_cut_connection_goes_on_where_it_was()
    {
        var cuts = 0;
        _hub.StorageTrouble = request => cuts++ == 0 ? _hub.Content(request, Large) with { CutAfter = 1_000_000 } : null;
        Pull(FakeHub.Repository).ShouldEndWith(0);
        _hub.StorageRequests[0].Header("Range").ShouldBeNull();
        _hub.StorageRequests[1].Header("Range").ShouldBe("bytes=1000000-");
        File.ReadAllBytes(Path.Combine(ModelFolder, "blobs", FakeHub.Sha256(_hub.Files[Large]))).ShouldBe(_hub.Files[Large]);
    }

    [Fact]
    public void A_pull_that_was_killed_goes_on_with_the_part_that_is_there()
    {
        const int Part = 1_000_000;
        _hub.StorageTrouble = request => _hub.Content(request, Large) with { CutAfter = Part, Stall = true };
        var blob = Path.Combine(ModelFolder, "blobs", FakeHub.Sha256(_hub.Files[Large]));
        var partial = new FileInfo(blob + ".incomplete");
        using (var pull = CliProcess.Start(trained.Folder, Environment([]), "pull", FakeHub.Repository))
        {
            var clock = Stopwatch.StartNew();
            while ((!partial.Exists || partial.Length < Part) && !pull.HasEnded && clock.Elapsed < TimeSpan.FromMinutes(2))
            {
                Thread.Sleep(20);
                partial.Refresh();
            }

            pull.HasEnded.ShouldBeFalse(pull.Error);
            pull.Kill();
            pull.Wait().Code.ShouldNotBe(0);
        }

        partial.Refresh();
        partial.Length.ShouldBe(Part);
        File.Exists(blob).ShouldBeFalse();
        File.Exists(Path.Combine(ModelFolder, "refs", "main")).ShouldBeFalse("half a snapshot has no reference");

        _hub.StorageTrouble = null;
        Pull(FakeHub.Repository).ShouldEndWith(0).Output.Trim().ShouldBe(Path.Combine(ModelFolder, "snapshots", FakeHub.Commit));
        _hub.StorageRequests.Count.ShouldBe(2);
        _hub.StorageRequests[1].Header("Range").ShouldBe($"bytes={Part}-");
        File.ReadAllBytes(blob).ShouldBe(_hub.Files[Large]);
        File.Exists(partial.FullName).ShouldBeFalse();
    }

    [Fact]
    public void A_gated_model_needs_a_token_which_storage_never_sees()
    {
        _hub.Token = "hf_secret";
        var refused = Pull(FakeHub.Repository).ShouldEndWith(1);
        refused.Error.ShouldContain("HF_TOKEN");
        var wrong = PullWith("HF_TOKEN", "hf_wrong", FakeHub.Repository).ShouldEndWith(1).Error;
        wrong.ShouldContain("not accepted");
        wrong.ShouldNotContain("hf_wrong");
        PullWith("HF_TOKEN", "hf_secret", FakeHub.Repository).ShouldEndWith(0);
        _hub.StorageRequests.ShouldNotBeEmpty();
        _hub.StorageRequests.ShouldAllBe(request => request.Header("Authorization") == null);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Pull("acme/nothing").ShouldEndWith(1).Error.ShouldContain("acme/nothing");
        Pull(FakeHub.Repository, "--revision", "v9").ShouldEndWith(1).Error.ShouldContain("v9");
        var noName = Pull("no name at all").ShouldEndWith(2).Error;
        noName.ShouldContain("no name at all");
        noName.ShouldNotContain("Parameter");
        Pull(FakeHub.Repository, "--include", "*.gguf").ShouldEndWith(1).Error.ShouldContain("*.gguf");
        PullWith("HF_ENDPOINT", "nonsense", FakeHub.Repository).ShouldEndWith(2).Error.ShouldContain("HF_ENDPOINT");
        Directory.Exists(Path.Combine(ModelFolder, "snapshots")).ShouldBeFalse();
    }

    [Fact]
    public void Too_many_requests_are_waited_for_and_too_long_a_wait_is_told()
    {
        var refusals = 0;
        _hub.Trouble = _ => refusals++ == 0 ? FakeResponse.Empty(429, ("Retry-After", "1")) : null;
        Pull(FakeHub.Repository).ShouldEndWith(0);
        refusals.ShouldBeGreaterThan(1);
        _hub.Trouble = _ => FakeResponse.Empty(429, ("Retry-After", "7200"));
        Pull(FakeHub.Repository, "--revision", "other").ShouldEndWith(1).Error.ShouldContain("7200");
    }

    [Fact]
    public void What_does_not_have_its_hash_is_not_kept()
    {
        var other = FakeHub.RandomBytes(_hub.Files[Large].Length);
        other[7]++;
        _hub.StorageTrouble = _ => new FakeResponse(200, other);
        Pull(FakeHub.Repository).ShouldEndWith(1).Error.ShouldContain(Large);
        File.Exists(Path.Combine(ModelFolder, "blobs", FakeHub.Sha256(_hub.Files[Large]))).ShouldBeFalse();
        File.Exists(Path.Combine(ModelFolder, "snapshots", FakeHub.Commit, Large)).ShouldBeFalse();
        _hub.StorageTrouble = null;
        Pull(FakeHub.Repository).ShouldEndWith(0);
    }

    [SkippableFact]
    public void A_hub_name_is_a_source()
    {
        var folder = Path.Combine(_cache, "published");
        PublishedFolders.HuggingFaceClip(folder);
        _hub.Files.Clear();
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            _hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        }

        Run([], "import", FakeHub.Repository, "--output", "from-hub").ShouldEndWith(0);
        trained.Run("inspect", "from-hub").ShouldEndWith(0).Output.ShouldContain(FakeHub.Repository);
    }

    private CliResult Pull(string name, params string[] more) => Run([], ["pull", name, .. more]);

    private CliResult PullWith(string variable, string value, string name) => Run(new() { [variable] = value }, "pull", name);

    private CliResult Run(Dictionary<string, string?> changes, params string[] arguments) =>
        CliProcess.Run(trained.Folder, Environment(changes), arguments);

    private Dictionary<string, string?> Environment(Dictionary<string, string?> changes)
    {
        var environment = new Dictionary<string, string?>
        {
            ["HF_ENDPOINT"] = _hub.Address.AbsoluteUri,
            ["HF_HUB_CACHE"] = _cache,
            ["HF_TOKEN"] = null,
            ["HF_HUB_OFFLINE"] = null,
        };
        foreach (var (name, value) in changes)
        {
            environment[name] = value;
        }

        return environment;
    }
}
