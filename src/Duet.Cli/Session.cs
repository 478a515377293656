// What a command has available while it runs.
using Duet.Cli.Console;

namespace Duet.Cli;

/// <summary>One start of the program.</summary>
/// <param name="Terminal">Where to write.</param>
/// <param name="Stop">Cancelled by Ctrl-C or SIGTERM.</param>
internal sealed record Session(Terminal Terminal, CancellationToken Stop);
