// duet data
using System.CommandLine;

namespace Duet.Cli.Commands;

/// <summary>What can be done with data sets before training.</summary>
internal sealed class DataCommand : Command
{
    /// <summary>Creates the command.</summary>
    public DataCommand()
        : base("data", "Checks data sets before anything is trained on them: `duet data check`.") =>
        Subcommands.Add(new DataCheckCommand());
}
