// What all requests about products have in common.
using System.Text.Json.Nodes;
using Duet.Inference;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Reads a request, finds its model, keeps the deadline and writes what became of its products.</summary>
internal sealed class ProductRequests(RequestReader reader, ModelCatalog catalog, ServerSettings settings, TimeProvider time)
{
    /// <summary>The limits of the service.</summary>
    public ServerSettings Settings => settings;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Gets the fields, the model and the deadline.</param>
    /// <param name="form">Whether a form is taken as well as JSON.</param>
    /// <exception cref="ProblemException">The request is wrong, or late.</exception>
    public async Task<IResult> AnswerAsync(
        HttpContext context,
        Func<RequestBody, ModelInUse, CancellationToken, Task<IResult>> answer,
        bool form = true
    )
    {
        var body = await reader.ReadAsync(context, form);
        var slot = catalog.Find(body.Text("model") ?? (context.Request.Query["model"] is [{ Length: > 0 } name, ..] ? name : null));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Deadline), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        var served = slot.Use();
        try
        {
            return await answer(body, new ModelInUse(slot.Name, served), either.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(
                StatusCodes.Status504GatewayTimeout,
                FormattableString.Invariant($"There was no answer within {settings.Deadline} seconds."),
                e
            );
        }
        finally
        {
            served.Release();
        }
    }

    /// <summary>The answer about several products; one that stands alone and has a fault is a problem by itself.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="outcomes">What became of the products.</param>
    /// <param name="content">What is told about an answered product.</param>
    /// <exception cref="ProblemException">The only product has a fault.</exception>
    public static IResult Result(string model, IReadOnlyList<ProductOutcome> outcomes, Func<ReadyAnswer, JsonObject> content) =>
        Result(model, [.. outcomes.Select(outcome => (outcome.Id, outcome.Fault, outcome.Answer is { } one ? content(one) : null))]);

    /// <summary>The same of products that were answered in another way.</summary>
    public static IResult Result(string model, IReadOnlyList<(string Id, ProductFault? Fault, JsonObject? Content)> products)
    {
        if (products is [{ Fault: { } only }])
        {
            throw new ProblemException(StatusCodes.Status422UnprocessableEntity, only.Reason) { Field = only.Field };
        }

        var list = new JsonArray();
        foreach (var (id, fault, content) in products)
        {
            var product = fault is null
                ? content!
                : new JsonObject
                {
                    ["error"] = new JsonObject { ["field"] = fault.Field, ["reason"] = fault.Reason },
                };
            product.Insert(0, "id", id);
            list.Add((JsonNode)product);
        }

        return new JsonAnswer(new JsonObject { ["model"] = model, ["products"] = list });
    }
}
