// POST /v1/explain
using System.Text.Json.Nodes;
using Duet.Explanation;
using Duet.Inference;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Serving;
using Duet.Vision;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Says by which words and parts of the picture a product's answers came about.</summary>
internal static class ExplainEndpoint
{
    // A gradient costs two passes; the other methods up to hundreds.
    private const ExplanationMethod Usual = ExplanationMethod.Gradient;

    // Others wait meanwhile: half the usual steps.
    private const int IntegrationSteps = 32;

    public static Task<IResult> AnswerAsync(HttpContext context, ProductRequests requests, SideWork side) =>
        requests.AnswerAsync(
            context,
            async (body, model, cancellation) =>
            {
                var options = new ExplanationOptions
                {
                    Task = body.Text("task"),
                    Methods = [Method(body.Text("method"))],
                    RandomOrders = 0,
                    WordMaps = false,
                    IntegrationSteps = IntegrationSteps,
                };
                var product = Single(body.Products(model.Model, requests.Settings, "task", "method"));
                try
                {
                    var explanation = await side.RunAsync(() => Explain(model, product.Input!, options, cancellation), cancellation);
                    return new JsonAnswer(Content(model.Name, product.Id, explanation));
                }
                catch (Exception e) when (e is OptionException || ServedModel.Fault(e) is not null)
                {
                    var fault = ServedModel.Fault(e) ?? new ProductFault("method or task", e.Message);
                    throw new ProblemException(StatusCodes.Status422UnprocessableEntity, fault.Reason, e) { Field = fault.Field };
                }
            }
        );

    private static ProductExplanation Explain(
        ModelInUse model,
        ProductInput product,
        ExplanationOptions options,
        CancellationToken cancellation
    )
    {
        model.Served.Check(product);
        return new Explainer(model.Model).Explain(product, options, cancellation: cancellation);
    }

    private static RequestedProduct Single(IReadOnlyList<RequestedProduct> products) =>
        products switch
        {
            [{ Fault: { } fault }] => throw new ProblemException(StatusCodes.Status422UnprocessableEntity, fault.Reason)
            {
                Field = fault.Field,
            },
            [var one] => one,
            _ => throw new ProblemException(StatusCodes.Status400BadRequest, "One product is explained at a time.") { Field = "products" },
        };

    private static ExplanationMethod Method(string? name)
    {
        var methods = Enum.GetValues<ExplanationMethod>();
        if (name is null)
        {
            return Usual;
        }

        var index = Array.FindIndex(methods, method => string.Equals(ExplanationFiles.MethodName(method), name, StringComparison.Ordinal));
        return index >= 0
            ? methods[index]
            : throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"There is no such method; there are {string.Join(", ", methods.Select(ExplanationFiles.MethodName))}."
            )
            {
                Field = "method",
            };
    }

    private static JsonObject Content(string model, string id, ProductExplanation explanation)
    {
        var drawn = explanation.Picture is { } picture
            ? explanation with
            {
                Tasks =
                [
                    .. explanation.Tasks.Select(task =>
                        task with
                        {
                            Attributions = [.. task.Attributions.Select(one => Draw(one, picture))],
                        }
                    ),
                ],
            }
            : explanation;
        var content = JsonNode.Parse(drawn.ToJson())!.AsObject();
        content["system"] = explanation.Model;
        content["model"] = model;
        content.Insert(0, "id", id);
        return content;
    }

    private static Attribution Draw(Attribution attribution, RgbImage picture) =>
        attribution.Patches is { } patches
            ? attribution with
            {
                Overlay =
                    "data:image/png;base64," + Convert.ToBase64String(ImageEncoder.Encode(Overlay.Draw(picture, patches), ImageFormat.Png)),
            }
            : attribution;
}
