// Reports as text with the few elements that tests look for.
using System.Text.RegularExpressions;

namespace Duet.Cli.Tests;

internal static partial class ReportText
{
    /// <summary>A report without the elements inside its commands that say where lines may break.</summary>
    public static string Read(string path) => BreakHints().Replace(File.ReadAllText(path), string.Empty);

    [GeneratedRegex("</?(wbr|span)[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BreakHints();
}
