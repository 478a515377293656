// The options that say what of a table may be lost, how it is encoded, and which pictures are none.
using System.CommandLine;
using Duet.Data;
using Duet.Vision;

namespace Duet.Cli.Settings;

/// <summary><c>--max-lost</c>, <c>--encoding</c> and <c>--placeholder</c>, for every command that reads tables.</summary>
internal static class LossOptions
{
    // The digits of a SHA-256.
    private const int HashLength = 64;

    /// <summary>What may be lost.</summary>
    /// <param name="beyond">Beyond what.</param>
    public static SettingOption MaxLost(string beyond) =>
        new(
            "max_lost",
            "SHARE",
            $"The share of rows, and of pictures, that may be lost{beyond} before the job stops with exit code 1: 0 to 1 "
                + $"({SettingValue.Format(LossLimit.DefaultShare)}); 1 accepts every loss. An empty cell is not a loss; a path that "
                + $"leads nowhere, a "
                + $"refused or broken file and a row that cannot be read are."
        );

    /// <summary>The encoding.</summary>
    /// <param name="usual">What it is unless given.</param>
    public static Option<string?> Encoding(string usual) =>
        new("--encoding")
        {
            HelpName = "NAME",
            Description =
                $"The encoding of a .csv, .tsv or .jsonl table, by any name that .NET knows: windows-1252, iso-8859-15, shift_jis, "
                + $"utf-16, ... ({usual}).",
        };

    /// <summary>Pictures that are none.</summary>
    /// <param name="beside">What they are added to.</param>
    public static Option<string[]> Placeholder(string beside) =>
        new("--placeholder")
        {
            HelpName = "FILE|SHA256",
            Description =
                $"A placeholder picture (\"no picture yet\", a logo), as a file or as the SHA-256 of its bytes: cells that name it, "
                + $"or a copy, count as empty{beside}. May be given again.",
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>The hashes of placeholders.</summary>
    /// <exception cref="UsageException">One is neither a file that can be read nor a hash.</exception>
    public static string[]? Hashes(string[]? named) => named is not { Length: > 0 } ? null : [.. named.Select(Hash)];

    private static string Hash(string named)
    {
        if (named.Length == HashLength && named.All(char.IsAsciiHexDigit))
        {
            return named.ToUpperInvariant();
        }

        try
        {
            return Convert.ToHexString(new ImageDecoder().HashContent(named));
        }
        catch (ImageDecodeException e)
        {
            throw new UsageException(
                $"--placeholder is {named}, which is neither a picture file that can be read nor a SHA-256 of {HashLength} "
                    + $"hexadecimal digits: {e.Message}"
            );
        }
    }
}
