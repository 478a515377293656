// A product that cannot be answered, while it is read.
namespace Duet.Server.Requests;

/// <summary>Stops reading a product; the others of its request are answered.</summary>
internal sealed class ProductFaultException(string field, string reason) : Exception(reason)
{
    public ProductFault Fault { get; } = new(field, reason);
}
