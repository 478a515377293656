// One sample of a tar shard.
using Duet.Vision;

namespace Duet.Data;

/// <summary>Members of a shard that share a name up to its first dot.</summary>
/// <param name="Shard">The shard's full path.</param>
/// <param name="Key">The shared name, with the folder in the archive.</param>
/// <param name="Members">Per extension (in lower case, without the first dot) where the member lies.</param>
public sealed record WebDatasetSample(string Shard, string Key, IReadOnlyDictionary<string, PictureAddress> Members)
{
    /// <summary>The first member that is a picture, or null.</summary>
    public PictureAddress? Picture =>
        Members
            .Where(member => FolderFiles.IsPicture("." + member.Key))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => member.Value)
            .FirstOrDefault();
}
