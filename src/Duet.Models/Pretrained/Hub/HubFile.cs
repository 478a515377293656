// One fetched file.
namespace Duet.Models.Pretrained.Hub;

/// <summary>A file of a snapshot.</summary>
/// <param name="Name">The name in the repository, with forward slashes.</param>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Cached">Whether it was there before.</param>
public sealed record HubFile(string Name, string Path, long Size, bool Cached);
