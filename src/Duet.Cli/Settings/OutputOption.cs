// What holds for every option that names a file to write.
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Cli.Settings;

/// <summary>Reads <c>--output FILE</c> and <c>--json FILE</c>: nothing that is there is replaced unless <c>--overwrite</c> says
/// so.</summary>
internal static class OutputOption
{
    private const string StandardOutput = "-";

    /// <summary>Allows to replace files.</summary>
    public static Option<bool> Overwrite { get; } =
        new("--overwrite")
        {
            Description =
                "Replace an existing file; without it the command ends before it begins. Pipes and devices are never replaced, but "
                + "written to.",
        };

    /// <summary>The place that was named; <c>-</c> is the standard output. Null where none was.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="table">The table the output is made from, which it must not replace.</param>
    /// <param name="extensions">The extensions that name a format; none where any name will do. Pipes and devices need no
    /// extension.</param>
    /// <exception cref="UsageException">It is a folder, the table, of an unknown format, or there already.</exception>
    public static string? Read(ParseResult parsed, Option<string?> option, string? table, params IReadOnlyList<string> extensions)
    {
        if (parsed.GetValue(option) is not { } named)
        {
            return null;
        }

        var file = string.Equals(named, StandardOutput, StringComparison.Ordinal) ? DirectOutput.StandardOutput : named;
        if (Directory.Exists(file))
        {
            throw new UsageException(
                $"{option.Name} names {file}, which is a folder; name a file, for instance "
                    + $"{Path.Combine(file, "output" + string.Concat(extensions.Take(1)))}."
            );
        }

        if (DirectOutput.Is(file))
        {
            return file;
        }

        if (table is not null && string.Equals(DirectOutput.Follow(file), DirectOutput.Follow(table), StringComparison.Ordinal))
        {
            throw new UsageException($"{option.Name} names the table {table} itself; name another file.");
        }

        if (extensions.Count > 0 && !extensions.Any(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException(
                $"{option.Name} is {file}; it is written as {string.Join(" or ", extensions)}. Name a file that ends so."
            );
        }

        // A job that stopped because too much was lost leaves its list, and is begun again with the same output.
        var list = $"{file}.quarantine.csv";
        RequireNew(parsed, option, [file, .. Quarantine.IsList(list) ? (string[])[] : [list]]);
        return file;
    }

    /// <summary>Whether JSON was asked for, and the file it goes to; null for standard output, which <c>--json</c> alone means as
    /// well.</summary>
    /// <exception cref="UsageException">The file is a folder, the table, or there already.</exception>
    public static (bool Asked, string? File) ReadJson(ParseResult parsed, Option<string?> option, string? table)
    {
        var file = Read(parsed, option, table);
        return (parsed.GetResult(option) is not null, file is not null && DirectOutput.IsStandardOutput(file) ? null : file);
    }

    /// <summary>Refuses to replace files without <c>--overwrite</c>.</summary>
    /// <exception cref="UsageException">One of them is there.</exception>
    public static void RequireNew(ParseResult parsed, Option option, IEnumerable<string> files)
    {
        if (!parsed.GetValue(Overwrite) && files.FirstOrDefault(file => File.Exists(DirectOutput.Follow(file))) is { } there)
        {
            throw new UsageException($"{option.Name} would replace {there}, which exists already. Name another, or give --overwrite.");
        }
    }

    /// <summary>Says how a job ended: to standard output, except where the job's own rows may have gone there.</summary>
    public static void Tell(Session session, string output, string text)
    {
        if (DirectOutput.Is(output))
        {
            session.Terminal.Line(text);
        }
        else
        {
            Terminal.Say(text);
        }
    }
}
