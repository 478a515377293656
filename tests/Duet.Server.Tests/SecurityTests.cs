// Who may ask, and what answers allow browsers.
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Duet.Server.Security;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class SecurityTests(TrainedRun run)
{
    private const string Key = "a-key-of-enough-length";
    private const string Other = "another-key-of-enough-length";

    private static readonly JsonObject Product = new() { ["text"] = "a shoe" };

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://example.com:0")]
    public async Task Beyond_this_machine_keys_are_required(string url)
    {
        var settings = new ServerSettings { Urls = ["http://127.0.0.1:0", url] };
        var error = await Should.ThrowAsync<OptionException>(DuetServer.StartAsync([new ServedRun("run", run.Folder)], settings));
        error.Message.ShouldContain("DUET_API_KEYS");
        error.Message.ShouldContain("--allow-anonymous");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(Key, false)]
    public async Task With_keys_or_permission_it_listens_everywhere(string? keys, bool anonymous)
    {
        var settings = new ServerSettings { Urls = ["http://0.0.0.0:0"], AllowAnonymous = anonymous };
        await using var server = await DuetServer.StartAsync([new ServedRun("run", run.Folder)], settings, keys: keys);
        server.Addresses.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("127.0.0.1:80")]
    [InlineData("http://127.0.0.1:0/base")]
    [InlineData("nonsense")]
    public async Task What_is_no_address_is_refused(string url) =>
        (
            await Should.ThrowAsync<OptionException>(
                DuetServer.StartAsync([new ServedRun("run", run.Folder)], new ServerSettings { Urls = [url] })
            )
        ).Message.ShouldContain(url);

    [Fact]
    public async Task A_key_opens_and_nothing_else_does()
    {
        var hash = "sha256:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Other)));
        await using var server = await StartedServer.StartAsync(run.Folder, keys: $"{Key}, {hash}");
        foreach (
            var (header, value) in (ReadOnlySpan<(string, string)>)
                [("Authorization", $"Bearer {Key}"), ("Authorization", $"bearer {Other}"), ("X-Api-Key", Key), ("X-Api-Key", Other)]
        )
        {
            SendWith(server, header, value).ShouldBe(HttpStatusCode.OK);
        }

        foreach (
            var (header, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("Authorization", $"Bearer {Key}x"),
                    ("Authorization", Key),
                    ("Authorization", "Bearer "),
                    ("X-Api-Key", Key[..^1]),
                    ("X-Api-Key", hash),
                    ("X-Other", Key),
                ]
        )
        {
            SendWith(server, header, value).ShouldBe(HttpStatusCode.Unauthorized);
        }

        foreach (var path in (string[])["/v1/models", "/metrics"])
        {
            using var closed = await server.Client.GetAsync(path);
            closed.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            await StartedServer.ReadAsync(closed, HttpStatusCode.Unauthorized);
        }

        foreach (var path in (string[])["/health/live", "/health/ready", "/openapi/v1.json", "/docs"])
        {
            using var open = await server.Client.GetAsync(path);
            open.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Theory]
    [InlineData("short")]
    [InlineData("sha256:0123")]
    [InlineData("a-key-of-enough-length,short")]
    public void A_key_that_is_not_safe_is_refused(string keys) =>
        Should.Throw<OptionException>(() => ApiKeys.Parse(keys)).Message.ShouldContain("DUET_API_KEYS");

    [Fact]
    public async Task Answers_allow_browsers_nothing()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        foreach (var path in (string[])["/health/live", "/v1/nothing", "/docs"])
        {
            using var answer = await server.Client.GetAsync(path);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_and_other_host_names_are_refused()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        SendWith(server, "Sec-Fetch-Site", "cross-site").ShouldBe(HttpStatusCode.Forbidden);
        SendWith(server, "Sec-Fetch-Site", "same-origin").ShouldBe(HttpStatusCode.OK);
        SendWith(server, "Host", "attacker.example").ShouldBe(HttpStatusCode.BadRequest);
        SendWith(server, "Host", "localhost").ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_may_send_so_many_requests()
    {
        await using var server = await StartedServer.StartAsync(run.Folder, new ServerSettings { RequestRate = 1 }, keys: $"{Key},{Other}");
        HttpStatusCode[] codes = [.. Enumerable.Range(0, 8).Select(_ => SendWith(server, "X-Api-Key", Key))];
        codes.ShouldContain(HttpStatusCode.OK);
        codes.ShouldContain(HttpStatusCode.TooManyRequests);
        SendWith(server, "X-Api-Key", Other).ShouldBe(HttpStatusCode.OK, "each key has its own rate");
    }

    private static HttpStatusCode SendWith(StartedServer server, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/classify")
        {
            Content = new StringContent(Product.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = server.Client.Send(request);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        return answer.StatusCode;
    }
}
