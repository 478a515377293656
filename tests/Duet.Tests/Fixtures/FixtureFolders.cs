// Finds the shared fixtures and lists the folders of one kind, so that a new folder of a known kind is a new test.
using System.Text.Json;

namespace Duet.Tests.Fixtures;

/// <summary>Locates the fixtures root and enumerates its folders by kind.</summary>
/// <remarks>
/// The root is the environment variable <c>DUET_FIXTURES</c>, or <c>../shared/fixtures</c> beside the repository root (the folder holding
/// <c>Duet.slnx</c>). A folder is of a kind when its name is the kind or the kind followed by anything but a letter,
/// it holds a <c>config.json</c>, and it passes the caller's test on that configuration where one is given.
/// </remarks>
public static class FixtureFolders
{
    private const string RootVariable = "DUET_FIXTURES";

    /// <summary>The fixtures root, or null where it is not on this machine.</summary>
    public static string? Root => FindShared(Environment.GetEnvironmentVariable(RootVariable), "fixtures");

    /// <summary>The real catalogue <c>../shared/data/fashion</c>, or null where it is not on this machine.</summary>
    public static string? Fashion => FindShared(null, Path.Combine("data", "fashion"));

    /// <summary>The folder that holds <c>Duet.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Every folder of a kind, in ordinal order of names. Skips the calling test where there is none; fails instead when <c>CI=true</c>.</summary>
    /// <param name="kind">The folder name's prefix, for instance <c>clip-tokenizer</c>.</param>
    /// <param name="accept">A further test on the folder's <c>config.json</c>; null accepts all.</param>
    public static IReadOnlyList<FixtureFolder> OfKind(string kind, Func<JsonElement, bool>? accept = null)
    {
        string? root = Root;
        var found = root is null
            ? []
            : Directory.EnumerateDirectories(root)
                .Where(folder => IsOfKind(Path.GetFileName(folder), kind) && File.Exists(Path.Combine(folder, "config.json")))
                .OrderBy(folder => folder, StringComparer.Ordinal)
                .Select(folder => new FixtureFolder(folder))
                .Where(folder => accept is null || accept(folder.Config))
                .ToList();
        SkipOrFail(found.Count == 0, $"no fixture folder of kind '{kind}' under '{root ?? "../shared/fixtures"}' (set {RootVariable})");
        return found;
    }

    /// <summary>Skips the calling test with a reason, or fails it when <c>CI=true</c>.</summary>
    public static void SkipOrFail(bool missing, string reason)
    {
        if (missing && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"CI=true, but {reason}");
        }

        Skip.If(missing, reason);
    }

    private static bool IsOfKind(string name, string kind) =>
        name.StartsWith(kind, StringComparison.Ordinal)
        && (name.Length == kind.Length || !char.IsAsciiLetter(name[kind.Length]));

    private static string? FindShared(string? chosen, string below)
    {
        string path = string.IsNullOrEmpty(chosen) ? Path.Combine(RepositoryRoot, "..", "shared", below) : chosen;
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Duet.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds Duet.slnx.");
    }
}
