// Marks what is answered without a key.
namespace Duet.Server.Security;

/// <summary>An endpoint that tells nothing worth a key: health, the description of the service.</summary>
internal sealed record OpenToAll;
