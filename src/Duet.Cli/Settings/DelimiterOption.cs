// The option for the delimiter of a table.
using System.CommandLine;
using Duet.Data;

namespace Duet.Cli.Settings;

/// <summary><c>--delimiter</c>, for commands that train and for those that use a model.</summary>
internal static class DelimiterOption
{
    private const string Rest = "Without it, the delimiter is found in the header if that has no comma but semicolons, tabs or bars.";

    /// <summary>Of commands that name columns.</summary>
    public static Option<string?> Table { get; } = Create("a comma, or a tab for .tsv");

    /// <summary>Of commands that use a trained model.</summary>
    public static Option<string?> Source { get; } = Create("that of training; else a comma, or a tab for .tsv");

    /// <summary>The delimiter that was asked for; null where none was.</summary>
    /// <exception cref="UsageException">It is no such character.</exception>
    public static char? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) switch
        {
            null => null,
            "\\t" or "tab" => '\t',
            [var one] when TableOptions.CanDelimit(one) => one,
            var other => throw new UsageException(
                $"--delimiter is '{other}'; it must be one ASCII character other than a quote or a line break, for instance ';' (in "
                    + $"quotes, for the shell), or \\t for a tab."
            ),
        };

    private static Option<string?> Create(string usual) =>
        new("--delimiter")
        {
            HelpName = "CHAR",
            Description = $"The separator of the cells of a delimited table: one character, \\t for a tab ({usual}). {Rest}",
        };
}
