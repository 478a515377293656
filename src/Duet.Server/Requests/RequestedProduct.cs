// One product of a request.
using Duet.Inference;

namespace Duet.Server.Requests;

/// <summary>A product as it was sent: either what to classify, or why that is not possible.</summary>
/// <param name="Id">The client's id, or its place in the request, from 1.</param>
internal sealed record RequestedProduct(string Id)
{
    /// <summary>Pictures, texts and features; null where there is a fault.</summary>
    public ProductInput? Input { get; init; }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public ProductFault? Fault { get; init; }
}
