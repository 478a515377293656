// The style sheet and the script of Duet's pages.
using System.Security.Cryptography;
using System.Text;
using Duet.Pages.Components;

namespace Duet.Pages;

/// <summary>What a page needs beside its markup. Both texts stand inside the page, so that it needs no other file.</summary>
public static class PageAssets
{
    /// <summary>The style sheet.</summary>
    public static string StyleSheet { get; } = ReadStyleSheet();

    /// <summary>The script: theme switch, copying of commands, the contents' current entry, folds on paper.</summary>
    public static string Script { get; } = Read("report.js");

    /// <summary>The content security policy of a page that is complete: it runs and loads only these and inline pictures.</summary>
    public static string ContentSecurityPolicy =>
        $"default-src 'none'; img-src data:; style-src '{Hash(StyleSheet)}'; script-src '{Hash(Script)}'; "
        + "base-uri 'none'; form-action 'none'";

    // A container query cannot take its width from a variable, so the rules for stacked tables are written once per width.
    private static string ReadStyleSheet()
    {
        const string placeholder = "/* stacked.css is inserted here, once for every width at which tables are stacked. */";
        var rules = Read("stacked.css");
        return Read("report.css")
            .Replace(
                placeholder,
                string.Concat(
                    TableWidth.Stacked.Select(kind =>
                        kind.Below is { } width
                            ? $"@container (max-width: {width}) "
                                + $"{{\n{rules.Replace(".stacked", $".{kind.Class}", StringComparison.Ordinal)}}}\n"
                            : rules.Replace(".stacked", $".{kind.Class}", StringComparison.Ordinal)
                    )
                ),
                StringComparison.Ordinal
            );
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using var stream =
            typeof(PageAssets).Assembly.GetManifestResourceStream($"Duet.Pages.{name}")
            ?? throw new InvalidOperationException($"Duet.Pages was built without {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
