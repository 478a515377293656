// Tests that train: the generator's seed, the thread count and the number of live tensors are the process's, so they run alone.
namespace Duet.Tests.Training;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TrainingCollection : ICollectionFixture<TrainingCatalogue>, ICollectionFixture<RelevanceRuns>
{
    public const string Name = "Training";
}
