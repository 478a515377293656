// A failure that may pass when tried again; never leaves the hub client.
using System.Net;

namespace Duet.Models.Pretrained.Hub;

internal sealed class TransientHubException(
    string message,
    Exception? inner = null,
    HttpStatusCode? status = null,
    TimeSpan? retryAfter = null
) : Exception(message, inner)
{
    public HttpStatusCode? Status { get; } = status;

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
