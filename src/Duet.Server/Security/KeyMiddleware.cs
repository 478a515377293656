// Who may ask.
using System.Net;
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Security;

/// <summary>Asks for a key where there are keys, and refuses what a browser sends on behalf of another site.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, ApiKeys keys)
{
    private const string Header = "X-Api-Key";
    private const string Scheme = "Bearer ";
    private static readonly object Holder = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] is ["cross-site"])
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "Pages of other sites may not use this service.");
        }

        var endpoint = context.GetEndpoint();
        if (keys.Any && endpoint is not null && endpoint.Metadata.GetMetadata<OpenToAll>() is null)
        {
            context.Items[Holder] =
                (Shown(context.Request) is { } shown ? keys.Find(shown) : null)
                ?? throw new ProblemException(
                    StatusCodes.Status401Unauthorized,
                    "This service needs a key: send it as 'Authorization: Bearer KEY' or as 'X-Api-Key: KEY'."
                );
        }

        return next(context);
    }

    /// <summary>By whom a request is counted: its key, or the address it came from; null for this machine without a key.</summary>
    public static string? HolderOf(HttpContext context) =>
        context.Items[Holder] as string
        ?? (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address) ? address.ToString() : null);

    private static string? Shown(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
        : request.Headers.TryGetValue(Header, out var key) && key is [{ } other] ? other
        : null;
}
