// Problem documents, the only form in which errors leave the service.
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Problems;

/// <summary>Writes problem documents (RFC 9457), whatever the client says it accepts.</summary>
internal static class ProblemWriter
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Writes an error.</summary>
    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            var seconds = Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, Longest.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var more = problem.Field is { } field
            ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = field, ["reason"] = problem.Message }
            : null;
        return TypedResults.Problem(problem.Message, statusCode: problem.Status, extensions: more).ExecuteAsync(context);
    }
}
