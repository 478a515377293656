// The one error of fetching a model: what was asked of whom, what came back, what to do.
using System.Net;

namespace Duet.Models.Pretrained.Hub;

/// <summary>A model could not be fetched. The message says what was asked, what the server or the cache answered, and what to do.</summary>
public sealed class HubException : Exception
{
    /// <summary>An error without details.</summary>
    public HubException()
        : this("The model could not be fetched.") { }

    /// <summary>An error with its message.</summary>
    public HubException(string message)
        : base(message) { }

    /// <summary>An error with its message and cause.</summary>
    public HubException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>An error that the server answered.</summary>
    public HubException(string message, HttpStatusCode status)
        : base(message) => Status = status;

    /// <summary>The server's status, where the server answered.</summary>
    public HttpStatusCode? Status { get; }
}
