// GET /: the page where a person tries a product.
using System.Reflection;
using Duet.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Duet.Server.Endpoints;

/// <summary>Serves the files of the page, which are resources of this assembly. The page itself asks the addresses that programs ask, so it
/// needs no key but shows nothing without one.</summary>
internal static class TryPage
{
    // img: the chosen picture and overlays. Styles that the script sets word by word are not inline styles.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'none'";

    private static readonly (string Path, string Resource, string Type)[] Files =
    [
        ("/", "try.html", "text/html; charset=utf-8"),
        ("/page/try.css", "try.css", "text/css; charset=utf-8"),
        ("/page/try.js", "try.js", "text/javascript; charset=utf-8"),
    ];

    /// <summary>Maps the files.</summary>
    public static void MapTryPage(this IEndpointRouteBuilder app)
    {
        foreach (var (path, resource, type) in Files)
        {
            var content = Read(resource);
            app.MapGet(
                    path,
                    (HttpContext context) =>
                    {
                        context.Response.Headers.ContentSecurityPolicy = Policy;
                        return Results.Bytes(content, type);
                    }
                )
                .ExcludeFromDescription()
                .WithMetadata(new OpenToAll());
        }
    }

    private static byte[] Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Duet.Server.{resource}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
