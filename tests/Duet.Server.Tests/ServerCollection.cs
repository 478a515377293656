// Lets all tests of the service share one trained run, one after the other.
namespace Duet.Server.Tests;

[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<TrainedRun>
{
    public const string Name = "server";
}
