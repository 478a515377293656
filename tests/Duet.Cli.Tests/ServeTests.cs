// `duet serve` as a process: starts, answers, stops.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed partial class ServeTests(TrainedRun trained)
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Serves_with_every_option_and_SIGTERM_answers_what_has_begun()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DUET_API_KEYS"] = Key };
        string[] options =
        [
            .. "--model second=run --urls http://127.0.0.1:0 --max-batch 4 --batch-wait 2.5 --queue-limit 32 --deadline 20".Split(' '),
            .. "--body-deadline 10 --drain-time 20 --decode-threads 1 --max-products 32 --max-body-bytes 20000000".Split(' '),
            .. "--max-body-memory 100000000 --max-picture-bytes 5000000 --max-pixels 20000000 --max-text 500 --max-labels 10".Split(' '),
            .. "--max-connections 100 --request-rate 100 --reload-interval 1 --allow-anonymous --threads 1 --precision fp32".Split(' '),
            .. "--device cpu --long-text head --preprocessing fast --threshold 0.4 --calibrated false".Split(' '),
        ];
        using var process = CliProcess.Start(trained.Folder, environment, ["serve", "run", .. options]);
        using var client = Client(process);
        using (var anonymous = await client.GetAsync("/v1/models"))
        {
            anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var models = JsonNode.Parse(await client.GetStringAsync("/v1/models"))!["data"]!.AsArray();
        models.Select(model => model!["id"]!.GetValue<string>()).ShouldBe(["run", "second"]);

        var image = Path.Combine(trained.Folder, "catalogue", "images");
        var picture = Convert.ToBase64String(File.ReadAllBytes(Directory.GetFiles(image).Order(StringComparer.Ordinal).First()));
        var answer = await PostAsync(
            client,
            new JsonObject
            {
                ["model"] = "second",
                ["image"] = picture,
                ["text"] = "red shoe",
            }
        );
        answer["model"]!.GetValue<string>().ShouldBe("second");
        answer["products"]![0]!["tasks"]!["category"]!["label"]!.GetValue<string>().ShouldNotBeEmpty();

        var products = Enumerable
            .Range(0, 32)
            .Select(_ => new JsonObject { ["image"] = picture, ["text"] = "red shoe" })
            .ToArray<JsonNode>();
        var begun = Enumerable
            .Range(0, 1)
            .Select(_ => PostAsync(client, new JsonObject { ["products"] = new JsonArray(products) }))
            .ToArray();
        await Task.Delay(20);
        process.Terminate();
        foreach (var one in await Task.WhenAll(begun).WaitAsync(Patience))
        {
            one["products"]!.AsArray().Count.ShouldBe(32);
        }

        var ended = process.Wait().ShouldEndWith(0);
        ended.Error.ShouldContain("requests that have begun are answered");
        ended.Error.ShouldNotContain("red shoe");
    }

    [Fact]
    public void Refuses_other_machines_without_a_key()
    {
        var ended = CliProcess.Run(
            trained.Folder,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["DUET_API_KEYS"] = null },
            "serve",
            "run",
            "--urls",
            "http://0.0.0.0:0"
        );
        ended.ShouldEndWith(2).Error.ShouldContain("DUET_API_KEYS");
    }

    [Theory]
    [InlineData("--max-batch", "0", "--max-batch is 0")]
    [InlineData("--max-products", "500", "--max-products is 500")]
    [InlineData("--model", "run", "NAME=RUN")]
    [InlineData("--model", "run=other", "twice")]
    [InlineData("--urls", "8080", "http://HOST:PORT")]
    public void Refuses_a_setting_that_cannot_work(string option, string value, string message) =>
        trained.Run("serve", "run", option, value).ShouldEndWith(2).Error.ShouldContain(message);

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await Task.Yield();
        CliProcess.Run(trained.Folder, "serve", "run", "--urls", url).ShouldEndWith(1).Error.ShouldContain("address already in use");
    }

    private static HttpClient Client(CliProcess process)
    {
        process.WaitFor("Serving").ShouldBeTrue(process.Error);
        process.WaitFor("/docs").ShouldBeTrue(process.Error);
        return new HttpClient { BaseAddress = new Uri(Address().Match(process.Error).Value) };
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/v1/classify", content);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
