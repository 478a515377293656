// POST /v1/embed
using System.Text.Json.Nodes;
using Duet.Inference;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Gives the vectors of products, under the names of <c>duet embed</c>.</summary>
internal static class EmbedEndpoint
{
    public static Task<IResult> AnswerAsync(HttpContext context, ProductRequests requests) =>
        requests.AnswerAsync(
            context,
            async (body, model, cancellation) =>
            {
                var products = body.Products(model.Model, requests.Settings);
                var outcomes = await model.Served.AnswerAsync(products, embeddings: true, cancellation);
                return ProductRequests.Result(model.Name, outcomes, Vectors);
            }
        );

    private static JsonObject Vectors(ReadyAnswer answer) =>
        new()
        {
            ["joint"] = List(answer.Joint),
            ["image"] = List(answer.Image),
            ["text"] = List(answer.Text),
        };

    private static JsonArray? List(IReadOnlyList<float>? vector) =>
        vector is null ? null : [.. vector.Select(value => JsonValue.Create(value))];
}
