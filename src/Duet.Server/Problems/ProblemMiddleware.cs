// The one place where exceptions become answers.
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Duet.Server.Problems;

/// <summary>Turns exceptions into problem documents. What the client did wrong is not logged as an error.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    // What nginx logs where the client went away: nobody reads it.
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
#pragma warning disable CA1031 // The last stop of every error of a request.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            if (e is not ProblemException && context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = ClientClosedRequest;
                return;
            }

            await ProblemWriter.WriteAsync(context, Describe(e, context));
        }
    }

    /// <summary>Gives a document to a status that ASP.NET Core set without one: 404, 405, 415.</summary>
    public static Task FillAsync(StatusCodeContext status) =>
        status.HttpContext.Response.StatusCode switch
        {
            ClientClosedRequest => Task.CompletedTask,
            var code => ProblemWriter.WriteAsync(status.HttpContext, new ProblemException(code, Detail(code, status.HttpContext.Request))),
        };

    private static string Detail(int code, HttpRequest request) =>
        code switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address; /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not answered at this address; /openapi/v1.json says what is.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be application/json or multipart/form-data.",
            StatusCodes.Status400BadRequest => "The request is not valid HTTP for this service; check its Host header.",
            _ => "The request was not answered.",
        };

    private ProblemException Describe(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large:
                return new ProblemException(large.StatusCode, "The body is larger than this service takes.", large);
            case BadHttpRequestException bad:
                return new ProblemException(bad.StatusCode, $"The request could not be read: {bad.Message}", bad);
            default:
                // Only the path: queries and bodies are the client's own.
                log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return new ProblemException(
                    StatusCodes.Status500InternalServerError,
                    "The service failed to answer; its log has the reason."
                );
        }
    }
}
