// POST /v1/classify: the answers of `duet predict --json`, and what is wrong with a product in its place.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Server.Endpoints;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class ClassifyTests(TrainedRun run) : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };

    private StartedServer _server = null!;

    public async Task InitializeAsync() => _server = await StartedServer.StartAsync(run.Folder);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Answers_are_those_of_predict()
    {
        var (image, title) = run.Products[0];
        var both = await One(new JsonObject { ["image"] = StartedServer.Base64(image), ["text"] = title });
        Same(both, run.Predict(image, title));
        Same(await One(new JsonObject { ["text"] = title }), run.Predict(null, title));
        Same(await One(new JsonObject { ["image"] = "data:image/png;base64," + StartedServer.Base64(image) }), run.Predict(image, null));
        Same(await One(new JsonObject { ["image"] = new JsonArray(StartedServer.Base64(image)), ["text"] = new JsonArray(title) }), both);
        Same(
            await One(
                new JsonObject
                {
                    ["image"] = StartedServer.Base64(image),
                    ["text"] = new JsonObject { ["title"] = title },
                }
            ),
            both
        );
    }

    [Fact]
    public async Task A_form_is_answered_like_JSON()
    {
        var (image, title) = run.Products[1];
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(await File.ReadAllBytesAsync(image));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "image", "product.png");
        form.Add(new StringContent(title), "text");
        form.Add(new StringContent("seven"), "id");
        using var answer = await _server.Client.PostAsync("/v1/classify", form);
        var product = (await StartedServer.ReadAsync(answer))["products"]![0]!.AsObject();
        product["id"]!.GetValue<string>().ShouldBe("seven");
        Same(product, run.Predict(image, title));
    }

    [Fact]
    public async Task Many_products_come_back_in_their_order_and_as_if_alone()
    {
        var products = run.Products.Select(
            (product, i) =>
                new JsonObject
                {
                    ["id"] = i,
                    ["image"] = StartedServer.Base64(product.Image),
                    ["text"] = product.Title,
                }
        );
        var answer = await _server.AskAsync("/v1/classify", new JsonObject { ["products"] = new JsonArray([.. products]) });
        answer["model"]!.GetValue<string>().ShouldBe("run");
        var list = answer["products"]!.AsArray();
        list.Select(product => product!["id"]!.GetValue<string>()).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}"));
        foreach (var row in (int[])[3, 17])
        {
            Same(list[row]!.AsObject(), run.Predict(run.Products[row].Image, run.Products[row].Title));
        }

        // The described shape is the shape of answers: no name of it is missing.
        var shape = answer.Deserialize<Shapes.ClassifyAnswer>(Strict)!;
        shape.Products[0].Tasks!["category"].TopFive.Count.ShouldBeGreaterThan(1);
        shape.Products[0].Tasks!["category"].Decision.ShouldBeOneOf("accepted", "review");
        shape.Products[0].Tasks!["category"].ImageShare.ShouldNotBeNull();
        shape.Products[0].TextTruncated.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_wrong_with_a_product_stands_in_its_place()
    {
        var title = run.Products[0].Title;
        var body = new JsonObject
        {
            ["products"] = new JsonArray(
                new JsonObject { ["text"] = title },
                new JsonObject { ["image"] = Convert.ToBase64String("no picture"u8) },
                new JsonObject { ["image"] = "https://example.com/shoe.jpg" },
                new JsonObject { ["image"] = "%%%" },
                new JsonObject { ["id"] = "none" },
                new JsonObject { ["text"] = 7 },
                new JsonObject { ["text"] = new JsonObject { ["subtitle"] = "x" } },
                new JsonObject
                {
                    ["text"] = title,
                    ["features"] = new JsonObject { ["brand"] = "x" },
                },
                new JsonObject { ["text"] = title, ["colour"] = "red" },
                "no object",
                new JsonObject { ["text"] = new string('a', 20_001) },
                new JsonObject { ["text"] = title }
            ),
        };
        var products = (await _server.AskAsync("/v1/classify", body))["products"]!.AsArray();
        var faults = products.Select(product => product!["error"]?["field"]?.GetValue<string>());
        faults.ShouldBe([null, "image", "image", "image", "product", "text", "text", "features", "product", "product", "text", null]);
        products[4]!["id"]!.GetValue<string>().ShouldBe("none");
        products[2]!["error"]!["reason"]!.GetValue<string>().ShouldContain("not fetched");
        Same(products[0]!.AsObject(), products[11]!.AsObject());
    }

    [Theory]
    [InlineData("""{"image": "AAAA"}""", "image", "the content is not a picture")]
    [InlineData("""{"products": [{"text": ""}]}""", "product", "neither a picture nor a text")]
    [InlineData("""{"text": "\ud800"}""", "text", "must be a text")]
    public async Task Alone_it_is_unprocessable(string body, string field, string reason)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _server.Client.PostAsync("/v1/classify", content);
        var problem = await StartedServer.ReadAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem["field"]!.GetValue<string>().ShouldBe(field);
        problem["reason"]!.GetValue<string>().ShouldContain(reason);
        problem["status"]!.GetValue<int>().ShouldBe(422);
    }

    [Theory]
    [InlineData("application/json", "{", 400, "not JSON")]
    [InlineData("application/json", "[]", 400, "JSON object")]
    [InlineData("application/json", """{"text": "a", "text": "b"}""", 400, "not JSON")]
    [InlineData("application/json", """{"te\ud800xt": "a"}""", 400, "not JSON")]
    [InlineData("application/json", """{"products": []}""", 400, "at least one product")]
    [InlineData("application/json", """{"products": {}}""", 400, "at least one product")]
    [InlineData("application/json", """{"product": []}""", 400, "no such field")]
    [InlineData("application/json", """{"text": "a", "model": 1}""", 400, "must be a text")]
    [InlineData("application/json", """{"text": "a", "model": "other"}""", 404, "this service has run")]
    [InlineData("text/plain", "a shoe", 415, "application/json")]
    [InlineData("multipart/form-data", "a shoe", 400, "form could not be read")]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ncut",
        400,
        "form could not be read"
    )]
    public async Task A_request_that_is_wrong_as_a_whole_is_refused(string type, string body, int status, string reason)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await _server.Client.PostAsync("/v1/classify", content);
        var problem = await StartedServer.ReadAsync(answer, (HttpStatusCode)status);
        problem["detail"]!.GetValue<string>().ShouldContain(reason);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        using var nowhere = await _server.Client.GetAsync("/v1/nothing");
        (await StartedServer.ReadAsync(nowhere, HttpStatusCode.NotFound))["status"]!.GetValue<int>().ShouldBe(404);
        using var get = await _server.Client.GetAsync("/v1/classify");
        (await StartedServer.ReadAsync(get, HttpStatusCode.MethodNotAllowed))["status"]!.GetValue<int>().ShouldBe(405);
    }

    private async Task<JsonObject> One(JsonObject product) =>
        (await _server.AskAsync("/v1/classify", product))["products"]!.AsArray().Single()!.AsObject();

    // Sums of a batch may be added in another order than those of one product: the last digits of a float may differ.
    private static void Same(JsonObject answer, JsonObject expected)
    {
        Compare(Bare(answer), Bare(expected), "product");

        static JsonObject Bare(JsonObject product)
        {
            var copy = product.DeepClone().AsObject();
            copy.Remove("id");
            return copy;
        }
    }

    private static void Compare(JsonNode? answer, JsonNode? expected, string place)
    {
        switch (expected)
        {
            case JsonObject names:
                answer!.AsObject().Select(name => name.Key).ShouldBe(names.Select(name => name.Key), place);
                foreach (var (name, value) in names)
                {
                    Compare(answer[name], value, $"{place}.{name}");
                }

                break;
            case JsonArray list:
                answer!.AsArray().Count.ShouldBe(list.Count, place);
                for (var i = 0; i < list.Count; i++)
                {
                    Compare(answer[i], list[i], $"{place}[{i}]");
                }

                break;
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                answer!.GetValue<double>().ShouldBe(number.GetValue<double>(), 2e-5, place);
                break;
            default:
                answer?.ToJsonString().ShouldBe(expected?.ToJsonString(), place);
                break;
        }
    }
}
