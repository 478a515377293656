// POST /v1/classify
using Duet.Inference;
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Classifies products; a product's answer has the names of <c>duet predict --json</c>.</summary>
internal static class ClassifyEndpoint
{
    public static Task<IResult> AnswerAsync(HttpContext context, ProductRequests requests) =>
        requests.AnswerAsync(
            context,
            async (body, model, cancellation) =>
            {
                if (model.Model.Schema.Tasks.Count == 0)
                {
                    throw new ProblemException(
                        StatusCodes.Status422UnprocessableEntity,
                        "This model was not trained on any task; ask it for embeddings, or with labels of your own at /v1/zero-shot."
                    )
                    {
                        Field = "model",
                    };
                }

                var products = body.Products(model.Model, requests.Settings);
                var outcomes = await model.Served.AnswerAsync(products, embeddings: false, cancellation);
                return ProductRequests.Result(model.Name, outcomes, answer => ClassificationJson.Of(answer.Classification));
            }
        );
}
