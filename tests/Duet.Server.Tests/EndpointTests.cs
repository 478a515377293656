// Embeddings, explanations and labels of one's own.
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Duet.Vision;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class EndpointTests(TrainedRun run) : IAsyncLifetime
{
    private StartedServer _server = null!;

    public async Task InitializeAsync() => _server = await StartedServer.StartAsync(run.Folder);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Vectors_have_the_parts_that_the_product_has()
    {
        var (image, title) = run.Products[0];
        var body = new JsonObject
        {
            ["products"] = new JsonArray(
                new JsonObject { ["image"] = StartedServer.Base64(image), ["text"] = title },
                new JsonObject { ["text"] = title },
                new JsonObject { ["image"] = "AAAA" }
            ),
        };
        var products = (await _server.AskAsync("/v1/embed", body))["products"]!.AsArray();
        Vector(products[0]!["joint"]).Length.ShouldBeGreaterThan(8);
        Vector(products[0]!["joint"]).ShouldNotBe(Vector(products[1]!["joint"]));
        products[0]!["image"].ShouldNotBeNull();
        products[1]!["image"].ShouldBeNull();
        Vector(products[1]!["text"]).Length.ShouldBe(Vector(products[0]!["text"]).Length);
        products[2]!["error"]!["field"]!.GetValue<string>().ShouldBe("image");
    }

    [Fact]
    public async Task Clients_of_OpenAI_get_their_form()
    {
        var (image, title) = run.Products[0];
        var picture = "data:image/png;base64," + StartedServer.Base64(image);
        var answer = await _server.AskAsync(
            "/v1/embeddings",
            new JsonObject { ["model"] = "run", ["input"] = new JsonArray(title, picture) }
        );
        answer["object"]!.GetValue<string>().ShouldBe("list");
        answer["data"]!.AsArray().Select(one => one!["index"]!.GetValue<int>()).ShouldBe([0, 1]);
        answer["usage"]!["prompt_tokens"]!.GetValue<int>().ShouldBeGreaterThan(2);
        var text = Vector(answer["data"]![0]!["embedding"]);
        var embed = await _server.AskAsync("/v1/embed", new JsonObject { ["text"] = title });
        Near(text, Vector(embed["products"]![0]!["joint"]));

        var coded = await _server.AskAsync("/v1/embeddings", new JsonObject { ["input"] = title, ["encoding_format"] = "base64" });
        var bytes = Convert.FromBase64String(coded["data"]![0]!["embedding"]!.GetValue<string>());
        Near(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), text);
    }

    [Theory]
    [InlineData("""{"input": []}""", 400)]
    [InlineData("""{"input": [[1, 2]]}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("""{"input": "a", "encoding_format": "int8"}""", 400)]
    [InlineData("""{"input": "a", "model": "text-embedding-3-small"}""", 404)]
    [InlineData("""{"input": ["a", ""]}""", 422)]
    [InlineData("""{"input": "data:image/png;base64,AAAA"}""", 422)]
    public async Task Wrong_inputs_of_embeddings_are_problems(string body, int status) =>
        await _server.AskAsync("/v1/embeddings", JsonNode.Parse(body)!, (HttpStatusCode)status);

    [Fact]
    public async Task An_explanation_has_words_and_an_overlay()
    {
        var (image, title) = run.Products[0];
        var body = new JsonObject
        {
            ["id"] = "7",
            ["image"] = StartedServer.Base64(image),
            ["text"] = title,
            ["task"] = "category",
        };
        var answer = await _server.AskAsync("/v1/explain", body);
        answer["id"]!.GetValue<string>().ShouldBe("7");
        answer["words"]!.AsArray().Select(word => word!["text"]!.GetValue<string>()).ShouldBe(title.Split(' '));
        var attribution = answer["tasks"]!.AsArray().Single()!["attributions"]!.AsArray().Single()!;
        attribution["words"]!.AsArray().Count.ShouldBe(title.Split(' ').Length);
        var overlay = attribution["overlay"]!.GetValue<string>();
        overlay.ShouldStartWith("data:image/png;base64,");
        new ImageDecoder().Decode(Convert.FromBase64String(overlay["data:image/png;base64,".Length..]), "overlay").Width.ShouldBe(384);

        body["method"] = "occlusion";
        (await _server.AskAsync("/v1/explain", body))["tasks"]![0]!["attributions"]![0]!["method"]!
            .GetValue<string>()
            .ShouldBe("occlusion");
    }

    [Fact]
    public async Task Explanations_do_not_disturb_the_answers_of_others()
    {
        var (image, title) = run.Products[0];
        JsonObject Product() => new() { ["image"] = StartedServer.Base64(image), ["text"] = title };
        var alone = await _server.AskAsync("/v1/classify", Product());
        var explained = Enumerable.Range(0, 12).Select(_ => _server.AskAsync("/v1/explain", Product())).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _server.AskAsync("/v1/classify", Product())));
        await Task.WhenAll(explained);
        var expected = Probability(alone);
        answers.Select(Probability).ShouldAllBe(probability => Math.Abs(probability - expected) < 2e-5);
    }

    [Theory]
    [InlineData("""{"text": "a", "task": "size"}""", 422)]
    [InlineData("""{"text": "a", "method": "magic"}""", 400)]
    [InlineData("""{"products": [{"text": "a"}, {"text": "b"}]}""", 400)]
    [InlineData("""{"image": "AAAA"}""", 422)]
    public async Task Wrong_questions_are_problems(string body, int status) =>
        await _server.AskAsync("/v1/explain", JsonNode.Parse(body)!, (HttpStatusCode)status);

    [Fact]
    public async Task Labels_may_come_with_the_request()
    {
        var (image, title) = run.Products[0];
        var body = new JsonObject
        {
            ["labels"] = new JsonArray("shoe", "bag", "hat"),
            ["products"] = new JsonArray(
                new JsonObject { ["image"] = StartedServer.Base64(image), ["text"] = title },
                new JsonObject { ["image"] = "AAAA" }
            ),
        };
        var products = (await _server.AskAsync("/v1/zero-shot", body))["products"]!.AsArray();
        var answer = products[0]!["tasks"]!["label"]!;
        answer["top_five"]!.AsArray().Sum(label => label!["probability"]!.GetValue<double>()).ShouldBe(1, 1e-4);
        ((string[])["shoe", "bag", "hat"]).ShouldContain(answer["label"]!.GetValue<string>());
        products[1]!["error"]!["field"]!.GetValue<string>().ShouldBe("image");

        body["labels"] = new JsonArray("shoe");
        await _server.AskAsync("/v1/zero-shot", body, HttpStatusCode.BadRequest);
        body["labels"] = new JsonArray("shoe", "bag");
        body["templates"] = new JsonArray("no place");
        await _server.AskAsync("/v1/zero-shot", body, HttpStatusCode.BadRequest);
    }

    private static double Probability(JsonObject answer) =>
        answer["products"]![0]!["tasks"]!["category"]!["probability"]!.GetValue<double>();

    private static float[] Vector(JsonNode? list) => [.. list!.AsArray().Select(value => value!.GetValue<float>())];

    private static void Near(float[] vector, float[] expected)
    {
        vector.Length.ShouldBe(expected.Length);
        vector.Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4f);
    }
}
