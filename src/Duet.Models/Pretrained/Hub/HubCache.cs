// The cache folder in the hub's own layout, shared with other tools that use it.
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Hub;

/// <summary>
/// One repository in the cache: <c>models--ORG--NAME/</c> with <c>blobs/HASH</c> (the contents), <c>snapshots/COMMIT/FILE</c> (links to
/// blobs) and <c>refs/REVISION</c> (the commit a branch or tag stood for when it was fetched).
/// </summary>
internal sealed class HubCache
{
    private readonly string _locks;

    private HubCache(string folder, string locks) => (Folder, _locks) = (folder, locks);

    public string Folder { get; }

    /// <summary>The cache of a repository.</summary>
    public static HubCache Of(string folder, string repository) =>
        Named(folder, $"models--{repository.Replace("/", "--", StringComparison.Ordinal)}");

    /// <summary>A folder with blobs of its own beside those of repositories.</summary>
    public static HubCache Named(string folder, string name) => new(Path.Combine(folder, name), Path.Combine(folder, ".locks", name));

    public string Blob(HubHash hash) => Path.Combine(Folder, "blobs", hash.Value);

    public string Incomplete(HubHash hash) => Blob(hash) + ".incomplete";

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string SnapshotFile(string commit, string name) => Path.Combine([Snapshot(commit), .. name.Split('/')]);

    /// <summary>The commit a revision stood for when it was last fetched, or null.</summary>
    public string? Resolve(string revision)
    {
        var reference = Reference(revision);
        if (File.Exists(reference))
        {
            var commit = File.ReadAllText(reference).Trim();
            return HubNames.IsCommit(commit)
                ? commit
                : throw new HubException($"{reference}: holds '{commit}', which is not a commit. Delete the file and pull again.");
        }

        return HubNames.IsCommit(revision) && Directory.Exists(Snapshot(revision)) ? revision : null;
    }

    /// <summary>Notes what a revision stands for. Done last, so that offline use never meets half a snapshot.</summary>
    public void SetReference(string revision, string commit)
    {
        if (string.Equals(revision, commit, StringComparison.Ordinal))
        {
            return;
        }

        var reference = Reference(revision);
        Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
        AtomicFile.WriteText(reference, commit);
    }

    /// <summary>Puts a blob into a snapshot: a relative link, or a copy where the file system has no links.</summary>
    public void Link(string commit, string name, HubHash hash)
    {
        var path = SnapshotFile(commit, name);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var target = Path.GetRelativePath(folder, Blob(hash));
        var existing = new FileInfo(path);
        if (existing.LinkTarget is not null && string.Equals(existing.LinkTarget, target, StringComparison.Ordinal))
        {
            return;
        }

        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, target);
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            // Windows lets only developers and administrators make links; the hub's own tools copy there as well.
            File.Copy(Blob(hash), path);
        }
    }

    /// <summary>Waits until no other process fetches this blob.</summary>
    public Task<IDisposable> LockAsync(HubHash hash, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob(hash))!);
        return LockAsync(hash.Value, cancellation);
    }

    /// <summary>Waits until no other process holds what has this name.</summary>
    public async Task<IDisposable> LockAsync(string name, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_locks);
        var path = Path.Combine(_locks, name + ".lock");
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                // On Unix this takes flock, as the hub's own tools do.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException error)
                when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation).ConfigureAwait(false);
            }
        }
    }

    private string Reference(string revision) => Path.Combine([Folder, "refs", .. revision.Split('/')]);
}

/// <summary>A file of a snapshot.</summary>
/// <param name="Name">The name in the repository, with forward slashes.</param>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Cached">Whether it was there before.</param>
public sealed record HubFile(string Name, string Path, long Size, bool Cached);

/// <summary>What a pull gives.</summary>
/// <param name="Repository">The repository, as in <c>openai/clip-vit-base-patch32</c>.</param>
/// <param name="Revision">The branch, tag or commit asked for.</param>
/// <param name="Commit">The commit it stands for.</param>
/// <param name="Folder">The folder with the files.</param>
/// <param name="Files">The files.</param>
/// <param name="Skipped">Files of the repository that were not fetched because their kind is not allowed or not asked for.</param>
public sealed record HubSnapshot(
    string Repository,
    string Revision,
    string Commit,
    string Folder,
    IReadOnlyList<HubFile> Files,
    IReadOnlyList<string> Skipped
);
