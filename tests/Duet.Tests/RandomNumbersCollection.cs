// Tests that depend on libtorch's random numbers, whose generator all threads share.
namespace Duet.Tests;

/// <summary>Classes in this collection run alone: another test drawing numbers meanwhile would change theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RandomNumbersCollection
{
    public const string Name = "random numbers";
}
