// What the program reports to the shell.

namespace Duet.Cli;

/// <summary>The exit codes of <c>duet</c>.</summary>
internal static class ExitCode
{
    /// <summary>The job is done.</summary>
    public const int Success = 0;

    /// <summary>The job failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong: an unknown option, a value outside its range, a column or model that does not exist.</summary>
    public const int WrongUsage = 2;

    /// <summary>Whoever read the output has closed it (<c>| head</c>): 128 + SIGPIPE, as shells have it.</summary>
    public const int OutputClosed = 141;

    /// <summary>Stopped by Ctrl-C or SIGTERM: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line cannot be followed; the message says what to change. The program ends with
/// <see cref="ExitCode.WrongUsage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
