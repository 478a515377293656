// Finds the shared fixtures and lists the folders of one kind, so that a new folder of a known kind is a new test.
using System.Text.Json;

namespace Duet.Tests.Fixtures;

/// <summary>Locates the fixtures' roots and enumerates their folders by kind.</summary>
/// <remarks>
/// The roots are the folders that the environment variable <c>DUET_FIXTURES</c> names (one, or several with the platform's path separator
/// between them), or <c>../shared/fixtures</c> and <c>../shared/fixtures-more</c> beside the repository root (the folder holding
/// <c>Duet.slnx</c>). A folder is of a kind when its name is the kind or the kind followed by anything but a letter, and it passes the
/// caller's test on its <c>config.json</c> where one is given. Every such folder has a <c>config.json</c>.
/// </remarks>
public static class FixtureFolders
{
    private const string RootVariable = "DUET_FIXTURES";

    /// <summary>The fixtures' roots; none where the usual ones are not on this machine.</summary>
    /// <exception cref="InvalidOperationException"><c>DUET_FIXTURES</c> names something that is no folder.</exception>
    public static IReadOnlyList<string> Roots =>
        Locate(Environment.GetEnvironmentVariable(RootVariable), Shared("fixtures"), Shared("fixtures-more"));

    /// <summary>The real catalogue <c>../shared/data/fashion</c>, or null where it is not on this machine.</summary>
    public static string? Fashion => Locate(null, Shared(Path.Combine("data", "fashion"))) is [var folder] ? folder : null;

    /// <summary>The folder that holds <c>Duet.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static bool IsContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Every folder of a kind, in ordinal order of names. Skips the calling test where there is none; see
    /// <see cref="RequireKind"/>.</summary>
    /// <param name="kind">The folder name's prefix, for instance <c>clip-tokenizer</c>.</param>
    /// <param name="accept">A further test on the folder's <c>config.json</c>; null accepts all.</param>
    /// <exception cref="InvalidOperationException">A folder of the kind has no <c>config.json</c>, or there is none where there must
    /// be.</exception>
    public static IReadOnlyList<FixtureFolder> OfKind(string kind, Func<JsonElement, bool>? accept = null)
    {
        SkipOrFail(Roots.Count == 0, $"there is no '../shared/fixtures' (set {RootVariable})");
        var found = Roots.SelectMany(root => List(root, kind)).Where(folder => accept is null || accept(folder.Config)).ToList();
        RequireKind(found.Count == 0, kind);
        return found;
    }

    /// <summary>
    /// Skips the calling test where a kind has no folder. Fails it when <c>CI=true</c>, unless <c>DUET_FIXTURES</c> chose the roots:
    /// the usual ones have every kind, others need not.
    /// </summary>
    /// <param name="missing">Whether there is no folder.</param>
    /// <param name="kind">The kind.</param>
    public static void RequireKind(bool missing, string kind) =>
        Require(
            missing,
            $"no fixture folder of kind '{kind}' under '{string.Join("', '", Roots)}'",
            mustBeThere: IsContinuousIntegration && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RootVariable))
        );

    /// <summary>Skips the calling test with a reason, or fails it when <c>CI=true</c>.</summary>
    public static void SkipOrFail(bool missing, string reason) => Require(missing, reason, IsContinuousIntegration);

    /// <summary>The chosen roots, each of which must be a folder, or those of the usual ones that are there.</summary>
    internal static IReadOnlyList<string> Locate(string? chosen, params ReadOnlySpan<string> usual) =>
        string.IsNullOrEmpty(chosen)
            ? [.. usual.ToArray().Where(Directory.Exists).Select(Path.GetFullPath)]
            : [.. chosen.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Existing)];

    /// <summary>The folders of a kind under a root, none left out.</summary>
    internal static IReadOnlyList<FixtureFolder> List(string root, string kind) =>
        [
            .. Directory
                .EnumerateDirectories(root)
                .Where(folder => IsOfKind(Path.GetFileName(folder), kind))
                .OrderBy(folder => folder, StringComparer.Ordinal)
                .Select(folder =>
                    File.Exists(Path.Combine(folder, "config.json"))
                        ? new FixtureFolder(folder)
                        : throw new InvalidOperationException($"The fixture folder '{folder}' of kind '{kind}' has no config.json.")
                ),
        ];

    /// <summary>Skips the calling test with a reason, or fails it where what is missing must be there.</summary>
    internal static void Require(bool missing, string reason, bool mustBeThere)
    {
        if (missing && mustBeThere)
        {
            throw new InvalidOperationException($"CI=true, but {reason}");
        }

        Skip.If(missing, reason);
    }

    // A mistyped path would skip every comparison.
    private static string Existing(string root) =>
        Directory.Exists(root)
            ? Path.GetFullPath(root)
            : throw new InvalidOperationException($"{RootVariable} names '{root}', and '{Path.GetFullPath(root)}' is no folder.");

    private static bool IsOfKind(string name, string kind) =>
        name.StartsWith(kind, StringComparison.Ordinal) && (name.Length == kind.Length || !char.IsAsciiLetter(name[kind.Length]));

    private static string Shared(string below) => Path.Combine(RepositoryRoot, "..", "shared", below);

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
