// How far a download is.
namespace Duet.Models.Pretrained.Hub;

/// <summary>The state of a download.</summary>
/// <param name="File">The file on its way.</param>
/// <param name="FileBytes">Its bytes on this machine, resumed ones included.</param>
/// <param name="FileSize">Its size, or null where the server did not say.</param>
/// <param name="TotalBytes">The bytes of all files on this machine.</param>
/// <param name="TotalSize">The size of all files as far as known.</param>
public sealed record HubProgress(string File, long FileBytes, long? FileSize, long TotalBytes, long TotalSize);
