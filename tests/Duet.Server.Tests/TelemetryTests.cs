// What Prometheus sees, and the description of the service.
using System.Text.Json.Nodes;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class TelemetryTests(TrainedRun run)
{
    [Fact]
    public async Task Metrics_count_what_happened()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        var (image, title) = run.Products[0];
        await server.AskAsync("/v1/classify", new JsonObject { ["image"] = StartedServer.Base64(image), ["text"] = title });
        await server.AskAsync("/v1/classify", new JsonObject { ["image"] = "AAAA" }, System.Net.HttpStatusCode.UnprocessableEntity);

        var metrics = await server.Client.GetStringAsync("/metrics");
        Value(metrics, "duet_products_total", "outcome=\"answered\"").ShouldBe(2, "the probe and one product");
        Value(metrics, "duet_products_total", "outcome=\"image\"").ShouldBe(1);
        Value(metrics, "duet_batch_size_count", "model=\"run\"").ShouldBe(2);
        Value(metrics, "duet_queue_length", "model=\"run\"").ShouldBe(0);
        foreach (var stage in (string[])["decode", "wait", "forward"])
        {
            Value(metrics, "duet_stage_duration_seconds_count", $"stage=\"{stage}\"").ShouldBeGreaterThanOrEqualTo(2);
        }

        Value(metrics, "duet_decisions_total", "task=\"category\"").ShouldBe(2);
        Value(metrics, "duet_novelty_scored_total", "model=\"run\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(metrics, "http_server_request_duration_seconds_count", "http_route=\"/v1/classify\"").ShouldBe(2);
        metrics.ShouldNotContain(title);
    }

    [Fact]
    public async Task The_description_lists_every_address()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        var description = JsonNode.Parse(await server.Client.GetStringAsync("/openapi/v1.json"))!;
        var paths = description["paths"]!.AsObject().Select(path => path.Key);
        (
            (string[])
                [
                    "/v1/classify",
                    "/v1/embed",
                    "/v1/embeddings",
                    "/v1/explain",
                    "/v1/zero-shot",
                    "/v1/models",
                    "/health/live",
                    "/health/ready",
                ]
        ).ShouldBeSubsetOf(paths);
        var classify = description["paths"]!["/v1/classify"]!["post"]!;
        classify["requestBody"]!["content"]!.AsObject().Select(type => type.Key).ShouldContain("application/json");
        classify["responses"]!.AsObject().Select(status => status.Key).ShouldContain("429");
    }

    [Fact]
    public async Task The_page_of_the_description_loads_nothing_from_elsewhere()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        using var answer = await server.Client.GetAsync("/docs");
        var page = await answer.Content.ReadAsStringAsync();
        var sources = System
            .Text.RegularExpressions.Regex.Matches(page, "(?:src|href)=\"([^\"]+)\"")
            .Select(match => match.Groups[1].Value)
            .ToList();
        sources.ShouldNotBeEmpty();
        sources.ShouldAllBe(source =>
            !source.Contains("//", StringComparison.Ordinal) || source.StartsWith("data:", StringComparison.Ordinal)
        );
        foreach (var source in sources.Where(source => source.EndsWith(".js", StringComparison.Ordinal)))
        {
            using var script = await server.Client.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, source));
            script.IsSuccessStatusCode.ShouldBeTrue(source);
        }
    }

    [Fact]
    public async Task The_page_for_people_runs_nothing_but_its_own_files()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        using var answer = await server.Client.GetAsync("/");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldNotContain("http");
        page.ShouldNotContain("style=");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        foreach (var (file, type) in ((string, string)[])[("/page/try.css", "text/css"), ("/page/try.js", "text/javascript")])
        {
            page.ShouldContain($"\"{file}\"");
            using var part = await server.Client.GetAsync(file);
            part.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        }
    }

    [Fact]
    public async Task Health_and_models_say_what_is_served()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        using var live = await server.Client.GetAsync("/health/live");
        (await StartedServer.ReadAsync(live))["status"]!.GetValue<string>().ShouldBe("live");
        using var ready = await server.Client.GetAsync("/health/ready");
        (await StartedServer.ReadAsync(ready))["models"]![0]!["status"]!.GetValue<string>().ShouldBe("ready");
        using var models = await server.Client.GetAsync("/v1/models");
        var model = (await StartedServer.ReadAsync(models))["data"]![0]!;
        model["id"]!.GetValue<string>().ShouldBe("run");
        model["system"]!.GetValue<string>().ShouldBe("cma-clip");
        model["calibrated"]!.GetValue<bool>().ShouldBeTrue();
        model["tasks"]!.AsArray().Select(task => task!["name"]!.GetValue<string>()).ShouldBe(["category", "color"]);
    }

    private static double Value(string metrics, string name, string tag) =>
        metrics
            .Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(tag, StringComparison.Ordinal))
            .Select(line =>
                double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
            )
            .DefaultIfEmpty(-1)
            .Sum();
}
