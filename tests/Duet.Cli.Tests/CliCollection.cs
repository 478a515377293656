// Lets all tests of the command line share one trained run, one after the other.
namespace Duet.Cli.Tests;

[CollectionDefinition(Name)]
public sealed class CliCollection : ICollectionFixture<TrainedRun>
{
    public const string Name = "command line";
}
