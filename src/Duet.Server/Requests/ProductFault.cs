// Why a product cannot be answered.
namespace Duet.Server.Requests;

/// <summary>What is wrong with one product of a request.</summary>
/// <param name="Field">The field: <c>image</c>, <c>text</c>, <c>features</c>, or <c>product</c> for the whole.</param>
/// <param name="Reason">What was found and what is expected.</param>
internal sealed record ProductFault(string Field, string Reason);
