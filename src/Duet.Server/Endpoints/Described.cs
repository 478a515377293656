// The description of an address.
namespace Duet.Server.Endpoints;

/// <summary>What an address does.</summary>
/// <param name="Summary">In a few words.</param>
/// <param name="Details">In sentences.</param>
/// <param name="Request">The shape of the body; null where there is none.</param>
/// <param name="Answer">The shape of the answer.</param>
/// <param name="Form">Whether a form is taken as well as JSON.</param>
internal sealed record Described(string Summary, string Details, Type? Request, Type Answer, bool Form = false);
