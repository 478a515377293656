// Thousands of damaged requests: no crash, and no error that is the service's own.
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class FuzzTests(TrainedRun run)
{
    private const int Requests = 4000;

    private static readonly string[] Paths = ["/v1/classify", "/v1/embed", "/v1/embeddings", "/v1/zero-shot", "/v1/explain"];
    private static readonly string[] Types =
    [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json; charset=x",
    ];

    [Fact]
    public async Task Damaged_requests_get_answers_that_blame_the_request()
    {
        await using var server = await StartedServer.StartAsync(run.Folder, new ServerSettings { Deadline = 60 });
        var seeds = Seeds();
        var random = new Random(20_261_201);
        var requests = Enumerable.Range(0, Requests).Select(_ => Damage(seeds, random)).ToArray();
        var codes = new int[Requests];
        await Parallel.ForAsync(
            0,
            Requests,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, stop) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, requests[i].Path)
                {
                    Content = new ByteArrayContent(requests[i].Body),
                };
                request.Content.Headers.TryAddWithoutValidation("Content-Type", requests[i].Type);
                using var answer = await server.Client.SendAsync(request, stop);
                codes[i] = (int)answer.StatusCode;
                if (codes[i] >= 500)
                {
                    (codes[i] is 503 or 504).ShouldBeTrue(
                        $"{codes[i]} {requests[i].Path} {requests[i].Type}: {Encoding.Latin1.GetString(requests[i].Body)}"
                    );
                }
            }
        );
        codes.Distinct().Count().ShouldBeGreaterThan(3, "the requests should be damaged in many ways");
        codes.ShouldContain(200);
        await server.AskAsync("/v1/classify", new JsonObject { ["text"] = "a shoe" });
    }

    private List<byte[]> Seeds()
    {
        var (image, title) = run.Products[0];
        var picture = StartedServer.Base64(image);
        string[] json =
        [
            new JsonObject { ["image"] = picture, ["text"] = title }.ToJsonString(),
            new JsonObject
            {
                ["products"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = 1,
                        ["text"] = new JsonObject { ["title"] = title },
                    }
                ),
            }.ToJsonString(),
            new JsonObject
            {
                ["text"] = title,
                ["features"] = new JsonObject { ["a"] = 1 },
            }.ToJsonString(),
            new JsonObject { ["input"] = new JsonArray(title, "data:image/png;base64," + picture), ["model"] = "run" }.ToJsonString(),
            new JsonObject { ["labels"] = new JsonArray("a", "b"), ["text"] = title }.ToJsonString(),
            """{"text": "\ud83d\udc5f \u0000 \ufeff", "model": null}""",
        ];
        var form = new List<byte>();
        form.AddRange("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n"u8);
        form.AddRange(File.ReadAllBytes(image));
        form.AddRange("\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na shoe\r\n--x--\r\n"u8);
        return [.. json.Select(Encoding.UTF8.GetBytes), [.. form], [.. form]];
    }

    private static (string Path, string Type, byte[] Body) Damage(List<byte[]> seeds, Random random)
    {
        var seed = random.Next(seeds.Count);
        var body = (byte[])seeds[seed].Clone();
        for (var change = random.Next(4); change > 0 && body.Length > 0; change--)
        {
            var at = random.Next(body.Length);
            body = random.Next(5) switch
            {
                0 => body[..at],
                1 => [.. body[..at], .. body[Math.Min(body.Length, at + random.Next(1, 40))..]],
                2 => [.. body[..at], .. "[{\"':,}]null\\u12-1e999"u8[..random.Next(1, 20)], .. body[at..]],
                3 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
                _ => [.. body[..at], .. body[random.Next(body.Length)..]],
            };
        }

        var isForm = seed >= seeds.Count - 2;
        var type = random.Next(20) == 0 ? Types[random.Next(Types.Length)] : Types[isForm ? 1 : 0];
        return (Paths[random.Next(random.Next(4) == 0 ? Paths.Length : 3)], type, body);
    }
}
