// What is too large, too much, too slow or too late.
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Duet.Vision;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class LimitTests(TrainedRun run)
{
    [Fact]
    public async Task Large_bodies_pictures_texts_and_lists_are_refused()
    {
        await using var server = await StartedServer.StartAsync(
            run.Folder,
            new ServerSettings
            {
                MaxBodyBytes = 100_000,
                MaxPictureBytes = 20_000,
                MaxPixels = 10_000,
                MaxText = 100,
                MaxProducts = 2,
            }
        );
        (await Refuse(new JsonObject { ["text"] = new string('a', 101) }, HttpStatusCode.UnprocessableEntity)).ShouldContain(
            "101 characters"
        );
        (
            await Refuse(new JsonObject { ["image"] = Convert.ToBase64String(new byte[20_001]) }, HttpStatusCode.UnprocessableEntity)
        ).ShouldContain("bytes");
        (await Refuse(new JsonObject { ["image"] = Picture(101, 100) }, HttpStatusCode.UnprocessableEntity)).ShouldContain(
            "101 x 100 pixels"
        );
        await server.AskAsync("/v1/classify", new JsonObject { ["image"] = Picture(100, 100) });
        var product = new JsonObject { ["text"] = "a" };
        (
            await Refuse(
                new JsonObject { ["products"] = new JsonArray(product, product.DeepClone(), product.DeepClone()) },
                HttpStatusCode.BadRequest
            )
        ).ShouldContain("3 products");
        (await Refuse(new JsonObject { ["text"] = new string('a', 100_001) }, HttpStatusCode.RequestEntityTooLarge)).ShouldContain(
            "100000"
        );

        async Task<string> Refuse(JsonObject body, HttpStatusCode status) =>
            (await server.AskAsync("/v1/classify", body, status))["detail"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_large_body_without_a_length_is_refused_as_well()
    {
        await using var server = await StartedServer.StartAsync(run.Folder, new ServerSettings { MaxBodyBytes = 100_000 });
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($"{{\"text\": \"{new string('a', 200_000)}\"}}")));
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/classify") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await server.Client.SendAsync(request);
        await StartedServer.ReadAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_back_and_every_answer_is_right()
    {
        await using var server = await StartedServer.StartAsync(
            run.Folder,
            new ServerSettings
            {
                QueueLimit = 4,
                MaxProducts = 4,
                MaxBatch = 2,
            }
        );
        var bodies = run
            .Products.Select(product => new JsonObject { ["image"] = StartedServer.Base64(product.Image), ["text"] = product.Title })
            .ToArray();
        var alone = new List<string>();
        foreach (var body in bodies)
        {
            alone.Add(Label(await server.AskAsync("/v1/classify", body)));
        }

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 400)
                .Select(async i => (Index: i % bodies.Length, Answer: await server.PostAsync("/v1/classify", bodies[i % bodies.Length])))
        );
        answers.Select(answer => answer.Answer.StatusCode).ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        answers.ShouldContain(answer => answer.Answer.StatusCode == HttpStatusCode.TooManyRequests);
        foreach (var (index, answer) in answers)
        {
            using (answer)
            {
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Label(await StartedServer.ReadAsync(answer)).ShouldBe(alone[index]);
                }
                else
                {
                    answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
                    await StartedServer.ReadAsync(answer, HttpStatusCode.TooManyRequests);
                }
            }
        }

        await server.AskAsync("/v1/classify", bodies[0]);
    }

    [Fact]
    public async Task A_late_answer_is_a_504_and_the_service_goes_on()
    {
        await using var server = await StartedServer.StartAsync(run.Folder, new ServerSettings { Deadline = 0.05 });
        var large = Picture(3000, 3000);
        var products = Enumerable.Range(0, 16).Select(_ => new JsonObject { ["image"] = large }).ToArray<JsonNode>();
        await server.AskAsync("/v1/classify", new JsonObject { ["products"] = new JsonArray(products) }, HttpStatusCode.GatewayTimeout);

        // What was given up leaves the queue; a small product is answered in time again.
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await server.PostAsync("/v1/classify", new JsonObject { ["text"] = "shoe" });
            if (answer.IsSuccessStatusCode)
            {
                break;
            }

            attempt.ShouldBeLessThan(100);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_a_408()
    {
        await using var server = await StartedServer.StartAsync(run.Folder, new ServerSettings { BodyDeadline = 0.2 });
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"te"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldStartWith("HTTP/1.1 408");
    }

    [Fact]
    public async Task Bodies_take_no_more_memory_than_they_may()
    {
        await using var server = await StartedServer.StartAsync(
            run.Folder,
            new ServerSettings { MaxBodyBytes = 10_000, MaxBodyMemory = 15_000 }
        );
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{"u8.ToArray()
        );
        var body = new JsonObject { ["text"] = new string('a', 9000) };
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await server.PostAsync("/v1/classify", body);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                break;
            }

            attempt.ShouldBeLessThan(100);
            await Task.Delay(20);
        }

        await server.AskAsync("/v1/classify", new JsonObject { ["text"] = "a" });
    }

    [Fact]
    public async Task A_stop_answers_what_has_begun()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        var large = Picture(2000, 2000);
        var products = Enumerable.Range(0, 16).Select(_ => new JsonObject { ["image"] = large }).ToArray<JsonNode>();
        var answer = server.PostAsync("/v1/classify", new JsonObject { ["products"] = new JsonArray(products) });
        await WaitForWork(server);
        await server.StopAsync();
        using var answered = await answer;
        (await StartedServer.ReadAsync(answered))["products"]!.AsArray().Count.ShouldBe(16);
    }

    private static async Task WaitForWork(StartedServer server)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var metrics = await server.Client.GetStringAsync("/metrics");
            if (metrics.Split('\n').Any(line => line.StartsWith("duet_queue_length", StringComparison.Ordinal) && !line.Contains("} 0")))
            {
                return;
            }
        }

        throw new TimeoutException("The request never waited.");
    }

    private static string Picture(int width, int height) =>
        Convert.ToBase64String(ImageEncoder.Encode(new RgbImage(width, height, new byte[3 * width * height]), ImageFormat.Png));

    private static string Label(JsonObject answer)
    {
        var category = answer["products"]![0]!["tasks"]!["category"]!;
        return $"{category["label"]} {category["probability"]!.GetValue<double>():0.000}";
    }
}
