// Turns a table's picture paths into full paths and refuses those that lead out of the allowed folders.
using System.Collections.Concurrent;

namespace Duet.Data;

/// <summary>
/// Resolves picture paths against a table's folder. Absolute paths, addresses, <c>..</c> and symbolic links that lead outside the folder
/// (or the further allowed ones) are refused: a table from a stranger must not make the job read other files. Safe for many threads.
/// </summary>
public sealed class ImagePathResolver
{
    private const int MaxLinks = 40;

    private readonly string _folder;
    private readonly string[] _roots;
    private readonly ConcurrentDictionary<string, string?> _realFolders = new(StringComparer.Ordinal);

    /// <summary>Allows pictures in <paramref name="folder"/> and in <paramref name="furtherFolders"/>.</summary>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="furtherFolders">Folders that links may lead to.</param>
    public ImagePathResolver(string folder, IEnumerable<string>? furtherFolders = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _roots =
        [
            .. (furtherFolders ?? []).Select(Path.GetFullPath).Prepend(_folder).Select(RealPath).OfType<string>().Select(WithSeparator),
        ];
    }

    /// <summary>Resolves one path. Backslashes count as separators, so that tables written on Windows work.</summary>
    /// <param name="path">The path as it is in the table, not empty.</param>
    /// <param name="fullPath">The full path, without <c>..</c>; the file need not exist.</param>
    /// <param name="problem">Why the path was refused; empty where it was not.</param>
    /// <returns>Whether the path is allowed.</returns>
    public bool TryResolve(string path, out string fullPath, out string problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        fullPath = string.Empty;
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            problem = "the path holds a NUL character";
            return false;
        }

        var name = path.Replace('\\', '/');
        if (name.Contains("://", StringComparison.Ordinal))
        {
            problem = "the path is an address; download the picture next to the table first";
            return false;
        }

        if (name.StartsWith('/') || (name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0])))
        {
            problem = "the path is absolute; picture paths are relative to the table's folder";
            return false;
        }

        var full = Path.GetFullPath(Path.Combine(_folder, name));
        if (!full.StartsWith(WithSeparator(_folder), StringComparison.Ordinal))
        {
            problem = "the path leads out of the table's folder";
            return false;
        }

        if (!IsAllowed(full))
        {
            problem =
                "a symbolic link leads out of the allowed folders; allow its target (--image-folder, TableOptions.ImageFolders) if "
                + "that is intended";
            return false;
        }

        (fullPath, problem) = (full, string.Empty);
        return true;
    }

    private static string WithSeparator(string path) => path.EndsWith('/') ? path : path + '/';

    private bool IsAllowed(string full)
    {
        var parent = _realFolders.GetOrAdd(Path.GetDirectoryName(full)!, RealPath);
        var real = parent is null ? null : Path.Combine(parent, Path.GetFileName(full));
        if (real is not null && LinkTarget(real) is not null)
        {
            real = RealPath(real);
        }

        return real is not null && Array.Exists(_roots, root => real.StartsWith(root, StringComparison.Ordinal));
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at cannot be opened either; the decoder will report it.
            return null;
        }
    }

    /// <summary>The path with every symbolic link followed; <c>null</c> where links go round in a circle. Parts that do not exist
    /// stay.</summary>
    private static string? RealPath(string full)
    {
        var pending = new Stack<string>(full.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var real = "/";
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (string.Equals(part, "..", StringComparison.Ordinal))
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            if (LinkTarget(next) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            real = target.StartsWith('/') ? "/" : real;
            foreach (
                var step in target
                    .Split('/', StringSplitOptions.RemoveEmptyEntries)
                    .Reverse()
                    .Where(step => !string.Equals(step, ".", StringComparison.Ordinal))
            )
            {
                pending.Push(step);
            }
        }

        return real;
    }
}
