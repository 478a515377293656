// The model of a request.
using Duet.Server.Serving;

namespace Duet.Server.Endpoints;

/// <summary>A model while a request uses it.</summary>
/// <param name="Name">The name it is served under.</param>
/// <param name="Served">The model.</param>
internal sealed record ModelInUse(string Name, ServedModel Served)
{
    /// <summary>The model itself.</summary>
    public DuetModel Model => Served.Model;
}
