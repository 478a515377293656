// What the hub client refuses: wrong content, hostile names and listings, missing rights.
using System.Net;
using System.Text;
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public sealed class HubRefusalTests : HubTests
{
    [Fact]
    public async Task A_gated_model_says_what_is_missing()
    {
        hub.Token = "hf_secret";
        var error = await Should.ThrowAsync<HubException>(() => Pull());
        error.Status.ShouldBe(HttpStatusCode.Unauthorized);
        error.Message.ShouldContain("set HF_TOKEN");
        error.Message.ShouldContain("It says: Access to this model is restricted.");
        error.Message.ShouldNotContain("\u0007");
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { Token = "hf_wrong" }))).Message.ShouldContain(
            "was not accepted"
        );
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
    public async Task A_wrong_hash_is_refused_and_removed()
    {
        hub.StorageTrouble = _ => new FakeResponse(200, new byte[hub.Files[Large].Length]);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("does not have the hash");
        File.Exists(LargeBlob).ShouldBeFalse();
        File.Exists(LargeBlob + ".incomplete").ShouldBeFalse();
        File.Exists(Path.Combine(ModelFolder, "refs", "main")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_small_file_is_checked_by_its_git_hash()
    {
        hub.Trouble = request =>
            request.Method == "GET" && request.Path.EndsWith("config.json", StringComparison.Ordinal)
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
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { MaximumFileSize = 1000 }))).Message.ShouldContain(
            "at most 1000"
        );
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { MaximumTotalSize = 1000 }))).Message.ShouldContain(
            "at most 1000"
        );
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
    public async Task Redirects_go_in_circles_only_so_often_and_never_to_files()
    {
        hub.Trouble = request => FakeResponse.Empty(307, ("Location", request.Target));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("more than 10 times");
        hub.Trouble = _ => FakeResponse.Empty(302, ("Location", "file:///etc/passwd"));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("not followed");
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
        Should
            .Throw<HubException>(() => new HubClient(Options() with { BaseAddress = new Uri("http://example.org"), Token = "hf" }))
            .Message.ShouldContain("unencrypted");
        Should.Throw<HubException>(() => new HubClient(Options() with { Token = "a\r\nb" })).Message.ShouldContain("characters");
    }
}
