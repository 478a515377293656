// A service on a port of its own, with a client.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Duet.Inference;

namespace Duet.Server.Tests;

/// <summary>The service over Kestrel, as users have it.</summary>
internal sealed class StartedServer : IAsyncDisposable
{
    private readonly DuetServer _server;

    private StartedServer(DuetServer server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public static async Task<StartedServer> StartAsync(string folder, ServerSettings? settings = null, string? keys = null) =>
        new(
            await DuetServer.StartAsync(
                [new ServedRun("run", folder)],
                (settings ?? new ServerSettings()) with
                {
                    Urls = ["http://127.0.0.1:0"],
                },
                new ModelUseOptions { Threads = 1 },
                keys
            )
        );

    public Task StopAsync() => _server.StopAsync();

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode body) =>
        Client.PostAsync(path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    /// <summary>Sends and expects an answer with a status.</summary>
    public async Task<JsonObject> AskAsync(string path, JsonNode body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await PostAsync(path, body);
        return await ReadAsync(answer, status);
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        if (status != HttpStatusCode.OK)
        {
            answer.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("application/problem+json"));
        }

        return JsonNode.Parse(text)!.AsObject();
    }

    public static string Base64(string file) => Convert.ToBase64String(File.ReadAllBytes(file));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
