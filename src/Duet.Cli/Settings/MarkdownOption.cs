// The option that asks for a table to paste.
using System.CommandLine;

namespace Duet.Cli.Settings;

/// <summary><c>--markdown</c>, of commands whose table is wanted elsewhere.</summary>
internal static class MarkdownOption
{
    /// <summary>The option.</summary>
    public static Option<bool> Markdown { get; } = new("--markdown") { Description = "Write the table to standard output as Markdown." };

    /// <summary>Whether it was given.</summary>
    /// <exception cref="UsageException">JSON was asked for as well.</exception>
    public static bool Read(ParseResult parsed, Option<bool> json) =>
        (parsed.GetValue(Markdown), parsed.GetValue(json)) switch
        {
            (true, true) => throw new UsageException("--json and --markdown are both given; choose one."),
            var (markdown, _) => markdown,
        };
}
