// From the body of a request to its fields.
using System.Text.Json;
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Duet.Server.Requests;

/// <summary>Reads bodies of <c>application/json</c> and <c>multipart/form-data</c> into memory, within the limits of the service. Nothing
/// of a request is ever written to a disk.</summary>
internal sealed class RequestReader(ServerSettings settings, TimeProvider time)
{
    private const int MaxDepth = 16;
    private const int MaxFormFields = 256;

    private readonly ByteBudget _memory = new(settings.MaxBodyMemory);

    /// <summary>Reads a body; it is freed when the request ends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="form">Whether a form is taken as well as JSON.</param>
    /// <exception cref="ProblemException">The body is no such thing, too large, too slow, or there is no memory for it now.</exception>
    public async Task<RequestBody> ReadAsync(HttpContext context, bool form = true)
    {
        var request = context.Request;
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        var isForm = form && string.Equals(type, "multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!isForm && !string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                form ? "The body must be application/json or multipart/form-data." : "The body must be application/json."
            );
        }

        var size = request.ContentLength ?? settings.MaxBodyBytes;
        if (size > settings.MaxBodyBytes)
        {
            throw new ProblemException(
                StatusCodes.Status413PayloadTooLarge,
                $"The body has {size} bytes; this service takes {settings.MaxBodyBytes}."
            );
        }

        context.Response.RegisterForDispose(
            _memory.TryTake(size)
                ?? throw new ProblemException(
                    StatusCodes.Status429TooManyRequests,
                    "The service holds as many requests in memory as it may; send the request again later."
                )
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                }
        );
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(settings.BodyDeadline), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            var body = isForm ? await FormAsync(request, either.Token) : await JsonAsync(request, either.Token);
            context.Response.RegisterForDispose(body);
            return body;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new ProblemException(StatusCodes.Status408RequestTimeout, "The body did not arrive in time.", e);
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The body is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The form could not be read: {e.Message}", e);
        }
    }

    private static async Task<RequestBody> JsonAsync(HttpRequest request, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(
                request.Body,
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false },
                cancellation
            );
        }
        catch (InvalidOperationException e)
        {
            // Names are compared with each other, and one of them is no text.
            throw new JsonException("A name is not valid text.", e);
        }

        try
        {
            JsonText.RequireNames(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonBody(document)
                : throw new ProblemException(StatusCodes.Status400BadRequest, "The body must be a JSON object.");
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private async Task<RequestBody> FormAsync(HttpRequest request, CancellationToken cancellation)
    {
        var bytes = (int)settings.MaxBodyBytes;
        var options = new FormOptions
        {
            MemoryBufferThreshold = bytes,
            MultipartBodyLengthLimit = bytes,
            ValueLengthLimit = bytes,
            ValueCountLimit = MaxFormFields,
        };
        return new FormBody(await new FormFeature(request, options).ReadFormAsync(cancellation));
    }
}
