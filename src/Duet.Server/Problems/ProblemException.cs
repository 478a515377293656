// An error that the client is told.
namespace Duet.Server.Problems;

/// <summary>Ends a request with a status and a problem document (RFC 9457).</summary>
internal sealed class ProblemException : Exception
{
    public ProblemException(int status, string detail)
        : base(detail) => Status = status;

    public ProblemException(int status, string detail, Exception inner)
        : base(detail, inner) => Status = status;

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The part of the request that is wrong; null where no single part is.</summary>
    public string? Field { get; init; }

    /// <summary>When to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
