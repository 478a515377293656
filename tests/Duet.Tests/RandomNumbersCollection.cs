// Tests that depend on what all threads of the process share: libtorch's random numbers, and the count of live tensors.
namespace Duet.Tests;

/// <summary>Classes in this collection run alone: another test drawing numbers or making tensors meanwhile would change theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RandomNumbersCollection
{
    public const string Name = "random numbers";
}
