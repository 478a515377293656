// A command line that asks for something contradictory or incomplete.
namespace Duet.Cli;

/// <summary>The command line cannot be followed; the message says what to change. The program ends with
/// <see cref="ExitCode.WrongUsage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
