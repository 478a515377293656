// A new model in the run folder is served without a restart, and a broken one is not.
using System.Net;
using System.Text.Json.Nodes;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class ReloadTests(TrainedRun run)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_broken_model_leaves_the_old_one_and_a_good_one_takes_its_place()
    {
        var folder = run.Copy();
        var weights = Path.Combine(folder, "model.safetensors");
        var good = await File.ReadAllBytesAsync(weights);
        await using var server = await StartedServer.StartAsync(folder, new ServerSettings { ReloadInterval = 0.2 });
        var before = await Probability(server);
        using var stop = new CancellationTokenSource();
        var load = AskAllTheTime(server, stop.Token);

        // A calibration belongs to its weights, so that new ones are served without it.
        File.Delete(Path.Combine(folder, "calibration.json"));
        await Until(server, model => !model["calibrated"]!.GetValue<bool>());

        await File.WriteAllBytesAsync(weights, good[..(good.Length / 2)]);
        await Until(server, model => model["reload_error"] is not null);
        (await Ready(server))["models"]![0]!["status"]!.GetValue<string>().ShouldStartWith("stale");
        await Probability(server);

        // The last bias of the last head, and with it every probability of its task.
        var changed = (byte[])good.Clone();
        (changed[^1], changed[^2], changed[^3], changed[^4]) = (0x41, 0x20, 0, 0);
        await File.WriteAllBytesAsync(weights, changed);
        await Until(server, model => model["reload_error"] is null);
        (await Ready(server))["models"]![0]!["status"]!.GetValue<string>().ShouldBe("ready");
        (await Probability(server)).ShouldNotBe(before);

        await stop.CancelAsync();
        (await load).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_run_that_cannot_be_used_is_not_served_at_all()
    {
        var folder = run.Copy();
        await File.WriteAllTextAsync(Path.Combine(folder, "model.safetensors"), "broken");
        (await Should.ThrowAsync<RunException>(StartedServer.StartAsync(folder))).Message.ShouldContain("model.safetensors");
    }

    private static async Task<JsonObject> Ready(StartedServer server)
    {
        using var answer = await server.Client.GetAsync("/health/ready");
        return await StartedServer.ReadAsync(answer);
    }

    private static async Task<string> Probability(StartedServer server)
    {
        var tasks = (await server.AskAsync("/v1/classify", new JsonObject { ["text"] = "red shoe" }))["products"]![0]!["tasks"]!;
        return tasks["category"]!["top_five"]!.ToJsonString() + tasks["color"]!["top_five"]!.ToJsonString();
    }

    // Requests must not notice that the model changes.
    private static async Task<int> AskAllTheTime(StartedServer server, CancellationToken stop)
    {
        var asked = 0;
        for (; !stop.IsCancellationRequested; asked++)
        {
            using var answer = await server.PostAsync("/v1/classify", new JsonObject { ["text"] = "red shoe" });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        return asked;
    }

    private static async Task Until(StartedServer server, Func<JsonNode, bool> condition)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < Patience; )
        {
            using var answer = await server.Client.GetAsync("/v1/models");
            if (condition((await StartedServer.ReadAsync(answer))["data"]![0]!))
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("The model did not change.");
    }
}
