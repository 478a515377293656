// How many requests one key may send.
using System.Threading.RateLimiting;
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Duet.Server.Security;

/// <summary>A bucket of tokens per key; per address where no key is needed. The machine itself is not limited without one.</summary>
internal static class RateLimits
{
    /// <summary>Configures ASP.NET Core's limiter.</summary>
    public static void Configure(RateLimiterOptions options, ServerSettings settings)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            settings.RequestRate > 0
            && context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null
            && KeyMiddleware.HolderOf(context) is { } holder
                ? RateLimitPartition.GetTokenBucketLimiter(holder, _ => Bucket(settings.RequestRate))
                : RateLimitPartition.GetNoLimiter(string.Empty)
        );
        options.OnRejected = static (rejected, _) =>
            new ValueTask(
                ProblemWriter.WriteAsync(
                    rejected.HttpContext,
                    new ProblemException(StatusCodes.Status429TooManyRequests, "More requests came than this key or address may send.")
                    {
                        RetryAfter = TimeSpan.FromSeconds(1),
                    }
                )
            );
    }

    private static TokenBucketRateLimiterOptions Bucket(int rate)
    {
        // About ten times a second, so that a second's tokens do not come all at once; of a low rate a whole token at a time.
        var tokens = (rate + 9) / 10;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * rate,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / rate),
            QueueLimit = 0,
        };
    }
}
