// Which names are let in: repositories, revisions and files all become parts of paths on this machine.
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Duet.Models.Pretrained.Hub;

internal static partial class HubNames
{
    /// <summary>Kinds of file that are only data. Pickles (.bin, .pt, .pkl, .ckpt) can run code when loaded and are never
    /// fetched.</summary>
    private static readonly string[] AllowedEndings = [".json", ".txt", ".safetensors", ".model", ".txt.gz", ".json.gz"];

    public static string AllowedKinds => string.Join(", ", AllowedEndings);

    /// <exception cref="ArgumentException">The name is not one of a repository.</exception>
    public static void CheckRepository(string repository)
    {
        var parts = repository.Split('/');
        if (
            parts.Length > 2
            || !parts.All(part => part.Length <= 96 && RepositoryPart().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal))
        )
        {
            throw new ArgumentException(
                $"'{repository}' is not a model's name; expected one like openai/clip-vit-base-patch32.",
                nameof(repository)
            );
        }
    }

    /// <exception cref="ArgumentException">The name is not one of a branch, tag or commit.</exception>
    public static void CheckRevision(string revision)
    {
        if (
            revision.Length > 200
            || !revision.Split('/').All(part => RepositoryPart().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal))
        )
        {
            throw new ArgumentException(
                $"'{revision}' is not a revision; expected a branch, a tag or a commit, as in main.",
                nameof(revision)
            );
        }
    }

    public static bool IsCommit(string commit) => commit.Length is >= 1 and <= 64 && commit.All(char.IsAsciiLetterOrDigit);

    /// <summary>Whether a file name from a server stays inside its folder on every platform.</summary>
    public static bool IsSafe(string file) =>
        file.Length is > 0 and <= 500
        && !file.Any(c => c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(c))
        && file.Split('/').All(part => part.Length is > 0 and <= 200 && part[^1] is not '.' and not ' ' && part is not "." and not "..");

    /// <summary>Text from a server for a message, which may go to a terminal: no control characters, no novels.</summary>
    public static string Printable(string? text) => new([.. (text ?? string.Empty).Where(c => !char.IsControl(c)).Take(300)]);

    public static bool IsAllowed(string file) => AllowedEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    public static bool IsIncluded(string file, IReadOnlyList<string>? patterns) =>
        patterns is null
        || patterns.Count == 0
        || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false));

    [GeneratedRegex(
        @"^[A-Za-z0-9_][A-Za-z0-9._-]*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RepositoryPart();
}
