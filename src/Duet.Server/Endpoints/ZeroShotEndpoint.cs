// POST /v1/zero-shot
using System.Text.Json.Nodes;
using Duet.Inference;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Classifies products by labels that come with the request, for models that have pictures and texts in one space.</summary>
internal static class ZeroShotEndpoint
{
    private const string Labels = "labels";
    private const string Templates = "templates";

    public static Task<IResult> AnswerAsync(HttpContext context, ProductRequests requests, SideWork side) =>
        requests.AnswerAsync(
            context,
            async (body, model, cancellation) =>
            {
                var options = Options(body, requests.Settings);
                var products = body.Products(model.Model, requests.Settings, Labels, Templates);
                try
                {
                    var answers = await side.RunAsync(() => Classify(model, options, products, cancellation), cancellation);
                    return ProductRequests.Result(model.Name, answers);
                }
                catch (RunException e)
                {
                    throw new ProblemException(
                        StatusCodes.Status422UnprocessableEntity,
                        "This model has no common space of pictures and texts, which zero-shot classification needs.",
                        e
                    )
                    {
                        Field = "model",
                    };
                }
                catch (OptionException e)
                {
                    throw new ProblemException(StatusCodes.Status400BadRequest, e.Message, e) { Field = Labels };
                }
            },
            form: false
        );

    private static ZeroShotOptions Options(RequestBody body, ServerSettings settings)
    {
        const int maxTemplates = 100;
        var labels = body.Texts(Labels) ?? [];
        var options = new ZeroShotOptions { Labels = labels };
        options = body.Texts(Templates) is { } templates ? options with { Templates = templates } : options;
        return
            labels.Count <= settings.MaxLabels
            && options.Templates.Count <= maxTemplates
            && labels.Concat(options.Templates).Sum(text => (long)text.Length) <= settings.MaxText
            ? options
            : throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"This service takes {settings.MaxLabels} labels and {maxTemplates} templates of {settings.MaxText} characters together."
            )
            {
                Field = Labels,
            };
    }

    private static IReadOnlyList<(string Id, ProductFault? Fault, JsonObject? Content)> Classify(
        ModelInUse model,
        ZeroShotOptions options,
        IReadOnlyList<RequestedProduct> products,
        CancellationToken cancellation
    )
    {
        var classifier = new ZeroShotClassifier(model.Model, options, cancellation);
        return [.. products.Select(product => Classify(model, classifier, product, cancellation))];
    }

    private static (string Id, ProductFault? Fault, JsonObject? Content) Classify(
        ModelInUse model,
        ZeroShotClassifier classifier,
        RequestedProduct product,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        if (product.Input is not { } input)
        {
            return (product.Id, product.Fault, null);
        }

        try
        {
            model.Served.Check(input);
            return (product.Id, null, ClassificationJson.Of(new Classification([classifier.Classify(input)])));
        }
        catch (Exception e) when (ServedModel.Fault(e) is { } fault)
        {
            return (product.Id, fault, null);
        }
    }
}
