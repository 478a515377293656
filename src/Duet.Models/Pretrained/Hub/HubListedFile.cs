// One file as a hub's listing names it.
namespace Duet.Models.Pretrained.Hub;

/// <summary>A listed file: name, and size and hash where the server gives them.</summary>
internal sealed record HubListedFile(string Name, long? Size, HubHash? Hash);
