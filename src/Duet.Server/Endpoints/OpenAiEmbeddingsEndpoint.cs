// POST /v1/embeddings, in the form that clients of OpenAI's API send.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Duet.Inference;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Gives joint vectors of texts; a text that is a data URI of a picture is that picture.</summary>
internal static class OpenAiEmbeddingsEndpoint
{
    private const string Input = "input";

    public static Task<IResult> AnswerAsync(HttpContext context, ProductRequests requests) =>
        requests.AnswerAsync(
            context,
            async (body, model, cancellation) =>
            {
                var inputs = Inputs(body, requests.Settings);
                var base64 = Base64(body);
                var products = inputs.Select((text, i) => Product(text, i, requests.Settings)).ToArray();
                var outcomes = await model.Served.AnswerAsync(products, embeddings: true, cancellation);
                return Result(model.Name, outcomes, base64);
            },
            form: false
        );

    private static IReadOnlyList<string> Inputs(RequestBody body, ServerSettings settings)
    {
        var inputs =
            body.IsList(Input) ? body.Texts(Input)!
            : body.Text(Input) is { } one ? [one]
            : [];
        return inputs.Count >= 1 && inputs.Count <= settings.MaxProducts
            ? inputs
            : throw Bad(Input, $"It must be a text or a list of 1 to {settings.MaxProducts} texts.");
    }

    private static bool Base64(RequestBody body) =>
        body.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw Bad("encoding_format", "It must be float or base64."),
        };

    private static RequestedProduct Product(string text, int index, ServerSettings settings)
    {
        var id = index.ToString(CultureInfo.InvariantCulture);
        try
        {
            return text.StartsWith("data:image/", StringComparison.Ordinal)
                    ? new RequestedProduct(id)
                    {
                        Input = new ProductInput { Pictures = [PictureData.Of(Encoding.UTF8.GetBytes(text), settings.MaxPictureBytes)] },
                    }
                : text.Length <= settings.MaxText ? new RequestedProduct(id) { Input = new ProductInput { Texts = [text] } }
                : throw new ProductFaultException("text", $"It has {text.Length} characters; this service takes {settings.MaxText}.");
        }
        catch (ProductFaultException e)
        {
            return new RequestedProduct(id) { Fault = e.Fault };
        }
    }

    private static JsonAnswer Result(string model, IReadOnlyList<ProductOutcome> outcomes, bool base64)
    {
        var data = new JsonArray();
        var tokens = 0;
        for (var i = 0; i < outcomes.Count; i++)
        {
            // Clients of this form know no product that lacks its answer.
            if (outcomes[i].Fault is { } fault)
            {
                throw new ProblemException(StatusCodes.Status422UnprocessableEntity, fault.Reason) { Field = $"{Input}[{i}]" };
            }

            var answer = outcomes[i].Answer!;
            var vector =
                answer.Joint
                ?? throw new ProblemException(StatusCodes.Status422UnprocessableEntity, "This model gives no embeddings.")
                {
                    Field = "model",
                };
            tokens += answer.Tokens;
            data.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["object"] = "embedding",
                        ["index"] = i,
                        ["embedding"] = base64
                            ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector.ToArray()))
                            : new JsonArray([.. vector.Select(value => JsonValue.Create(value))]),
                    }
            );
        }

        return new JsonAnswer(
            new JsonObject
            {
                ["object"] = "list",
                ["data"] = data,
                ["model"] = model,
                ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            }
        );
    }

    private static ProblemException Bad(string field, string reason) => new(StatusCodes.Status400BadRequest, reason) { Field = field };
}
