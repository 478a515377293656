// Reads taxonomy files.
using System.Text;
using System.Text.RegularExpressions;

namespace Duet.Data;

/// <summary>
/// Reads taxonomies: Google's product taxonomy files of any locale, <c>taxonomy-with-ids.LOCALE.txt</c> (<c>ID - A &gt; B</c>) and
/// <c>taxonomy.LOCALE.txt</c> (<c>A &gt; B</c>), with their <c>#</c> comment line, and any UTF-8 text with one path per line. Parents come
/// from the paths, not from the order of lines, which differs between locales.
/// </summary>
public static partial class TaxonomyFile
{
    private const long MaxBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TableException">The file is missing, too large, not UTF-8, empty, or has a line that is not a path; the message
    /// names file and line.</exception>
    public static Taxonomy Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxBytes)
            {
                throw new TableException($"The taxonomy {path} has {stream.Length} bytes; one has at most {MaxBytes}.") { File = path };
            }

            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            var taxonomy = Read(reader);
            return taxonomy.Nodes.Count > 0
                ? taxonomy
                : throw new TableException($"The taxonomy {path} has no categories; it needs one path per line, such as 'Apparel > Shoes'.")
                {
                    File = path,
                };
        }
        catch (TableException e) when (e.File is null)
        {
            throw new TableException($"The taxonomy {path}, {e.Message}", e) { File = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new TableException($"The taxonomy {path} cannot be read as UTF-8 text: {e.Message}", e) { File = path };
        }
    }

    private static Taxonomy Read(StreamReader reader)
    {
        var taxonomy = new Taxonomy();
        bool? ids = null;
        for (var line = 1L; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            if (text.StartsWith('#'))
            {
                taxonomy.Title ??= text.TrimStart('#').Trim();
                continue;
            }

            // The first category decides: a name may begin with a number and a dash in a file without ids.
            var match = IdAndPath().Match(text);
            ids ??= match.Success;
            if (ids == true && !match.Success)
            {
                throw new TableException($"line {line}: the other lines are 'ID - path', and this one has no id.");
            }

            taxonomy.Add(ids == true ? match.Groups["path"].Value : text, ids == true ? match.Groups["id"].Value : null, line);
        }

        return taxonomy;
    }

    [GeneratedRegex(
        @"^\s*(?<id>[0-9]{1,18})\s+-\s+(?<path>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IdAndPath();
}

/// <summary>A remark about a line; the taxonomy can be used nevertheless.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Detail">What is odd, in words.</param>
public sealed record TaxonomyProblem(long Line, string Detail);
