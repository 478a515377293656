// How to repeat something that a report shows.
namespace Duet.Reports;

/// <summary>A command line.</summary>
/// <param name="Purpose">What it makes.</param>
/// <param name="Command">The command, quoted for a shell.</param>
public sealed record RepeatCommand(string Purpose, string Command);
