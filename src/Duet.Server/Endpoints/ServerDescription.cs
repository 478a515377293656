// The description of the service for programs (/openapi/v1.json) and for people (/docs).
using Duet.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Duet.Server.Endpoints;

/// <summary>What each address does.</summary>
internal static class ServerDescription
{
    private const string Document = "/openapi/v1.json";
    private const string Page = "/docs";

    // The page is a program of its own, with styles and scripts in its markup; it loads nothing from elsewhere.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' "
        + "data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string Product =
        "A product has image (a data URI or base64; a list where the model takes several), text (a text, a list of texts, or an object of "
        + "texts by column), features (an object of texts by column) and id; products may come as a list under products, or one alone. "
        + "multipart/form-data takes one product: image as a file, text, features as JSON, id.";

    public static Described Classify { get; } =
        new(
            "Classify products",
            Product
                + " The answer has per product the id and what `duet predict --json` shows, or error with field and reason. Alone in its "
                + "request, a product that cannot be classified is a 422.",
            typeof(Shapes.ClassifyRequest),
            typeof(Shapes.ClassifyAnswer),
            Form: true
        );

    public static Described Embed { get; } =
        new(
            "Embed products",
            Product + " The answer has per product the vectors joint, image and text.",
            typeof(Shapes.ClassifyRequest),
            typeof(Shapes.EmbedAnswer),
            Form: true
        );

    public static Described Embeddings { get; } =
        new(
            "Embed texts, as OpenAI's API does",
            "input is a text or a list of texts; a data URI of a picture is that picture. The vectors are joint ones.",
            typeof(Shapes.EmbeddingsRequest),
            typeof(Shapes.EmbeddingsAnswer)
        );

    public static Described Explain { get; } =
        new(
            "Explain the answers about one product",
            Product
                + " task chooses one task, method one of gradient, integrated-gradients, occlusion, attention, rollout. The answer "
                + "has scores "
                + "of words and of the cells of the picture, and overlay, the picture with its scores as a data URI.",
            typeof(Shapes.ExplainRequest),
            typeof(object),
            Form: true
        );

    public static Described ZeroShot { get; } =
        new(
            "Classify products by labels of your own",
            Product + " labels are the classes, templates sentences with {} for the label.",
            typeof(Shapes.ZeroShotRequest),
            typeof(Shapes.ClassifyAnswer)
        );

    public static Described Models { get; } = new("List the models", "The models with their tasks.", Request: null, typeof(object));

    public static Described Live { get; } = new("Whether the process lives", "Always 200.", Request: null, typeof(object));

    public static Described Ready { get; } =
        new(
            "Whether to send requests",
            "200 once every model has answered a product; 503 from the moment the service was told to stop.",
            Request: null,
            typeof(object)
        );

    /// <summary>Adds what the description needs.</summary>
    public static void AddServerDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "Duet",
                        Version = "v1",
                        Description =
                            "Classifies products by picture and text. Errors are problem details (RFC 9457). 429 has Retry-After; 504 "
                            + "means "
                            + "that the deadline passed.",
                    };
                    return Task.CompletedTask;
                }
            )
        );

    /// <summary>Answers with the description.</summary>
    public static void MapServerDescription(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi().WithMetadata(new OpenToAll());
        app.MapScalarApiReference(
                Page,
                options =>
                {
                    options.WithTitle("Duet").WithOpenApiRoutePattern(Document).DisableDefaultFonts();
                    options.DisableTelemetry().DisableAgent();
                }
            )
            .WithMetadata(new OpenToAll())
            .AddEndpointFilter(
                async (context, next) =>
                {
                    context.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
                    return await next(context);
                }
            );
    }

    /// <summary>Gives an address its description.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder address, Described described)
    {
        address.WithSummary(described.Summary).WithDescription(described.Details);
        address.Produces(StatusCodes.Status200OK, described.Answer, "application/json");
        if (described.Request is { } request)
        {
            address.Accepts(request, "application/json", described.Form ? ["multipart/form-data"] : []);
            foreach (var status in (int[])[400, 401, 404, 408, 413, 415, 422, 429, 504])
            {
                address.ProducesProblem(status);
            }
        }

        return address;
    }
}
