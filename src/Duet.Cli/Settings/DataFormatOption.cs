// The option that says what kind of data set --data is.
using System.CommandLine;
using Duet.Data;

namespace Duet.Cli.Settings;

/// <summary><c>--data-format</c>, for commands that train and for those that use a model.</summary>
internal static class DataFormatOption
{
    /// <summary>Of commands that name columns.</summary>
    public static Option<string?> Table { get; } =
        Create("Its columns get their usual meaning unless --text, --image, --task and so on name others.");

    /// <summary>Of commands that use a trained model.</summary>
    public static Option<string?> Source { get; } = Create("Columns are those of training unless others are named.");

    /// <summary>The format that was asked for.</summary>
    /// <exception cref="UsageException">There is no such format.</exception>
    public static DataFormat Read(ParseResult parsed, Option<string?> option)
    {
        try
        {
            return parsed.GetValue(option) is { } name ? DataFormats.Parse(name) : DataFormat.Auto;
        }
        catch (TableException e)
        {
            throw new UsageException($"--data-format: {e.Message}");
        }
    }

    private static Option<string?> Create(string rest) =>
        new("--data-format")
        {
            HelpName = "NAME",
            Description = $"What --data is: {string.Join(", ", DataFormats.Names)} (auto: by looking at the path). {rest}",
        };
}
