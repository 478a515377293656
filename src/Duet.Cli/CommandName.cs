// How this program is called, so that a command in a message can be pasted.
using System.Text.RegularExpressions;

namespace Duet.Cli;

/// <summary><c>duet</c>, or what the launcher was started as (<c>./duet</c> in a checkout).</summary>
internal static partial class CommandName
{
    /// <summary>The environment variable with which the launcher says it.</summary>
    public const string Variable = "DUET_COMMAND";

    private const string Usual = "duet";

    /// <summary>The word that starts this program in the user's shell.</summary>
    public static string Own => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } started ? started : Usual;

    /// <summary>Whether a checkout's launcher started this program, and not the installed tool.</summary>
    public static bool IsLauncher => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>A text with its <c>duet COMMAND</c> as they can be pasted here.</summary>
    public static string In(string text) => string.Equals(Own, Usual, StringComparison.Ordinal) ? text : Commands().Replace(text, _ => Own);

    // The word before a verb, and nothing else that is called duet.
    [GeneratedRegex(
        @"(?<![\w./-])duet(?= (demo|train|evaluate|calibrate|report|predict|serve|taxonomy|embed|inspect|import|pull|compare|ablate|zero-shot|caption|explain|robustness|data check|test|COMMAND|\[command\]|--help)(?![\w.]))",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Commands();
}
