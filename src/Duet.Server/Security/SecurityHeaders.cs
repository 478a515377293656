// Headers that keep browsers from doing what answers do not need.
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Security;

/// <summary>Sets the headers of every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>Answers are data: nothing in them may load or run.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Nothing;
        return next(context);
    }
}
