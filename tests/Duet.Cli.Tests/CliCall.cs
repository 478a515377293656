// Runs the command line inside the tests' own process, where a process of its own is not the point.
using Duet.Cli.Console;

namespace Duet.Cli.Tests;

/// <summary>
/// The same code from the parser to the exit code as a started <c>duet</c>, without the second or two that a process takes to start and
/// compile. What a process is needed for runs as one (<see cref="CliProcess"/>): signals, pipes and descriptors, environment variables, the
/// launcher.
/// </summary>
internal static class CliCall
{
    /// <summary>Runs to the end. Working directory and console are the process's: one call at a time.</summary>
    /// <param name="folder">The folder to work in.</param>
    /// <param name="arguments">The words behind <c>duet</c>.</param>
    public static CliResult Run(string folder, params string[] arguments)
    {
        var (place, output, error) = (Directory.GetCurrentDirectory(), System.Console.Out, System.Console.Error);
        using var written = new StringWriter();
        using var told = new StringWriter();
        Directory.SetCurrentDirectory(folder);
        try
        {
            var code = CommandLine.Run(arguments, new Terminal(TextWriter.Synchronized(written), TextWriter.Synchronized(told)));
            return new CliResult(code, written.ToString(), told.ToString());
        }
        finally
        {
            Directory.SetCurrentDirectory(place);
            System.Console.SetOut(output);
            System.Console.SetError(error);
        }
    }
}
