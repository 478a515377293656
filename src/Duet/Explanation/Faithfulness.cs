// Whether scores show what the model depends on.
namespace Duet.Explanation;

/// <summary>
/// Deletion and insertion (Petsiuk et al., "RISE", arXiv 1806.07421; Samek et al., "Evaluating the Visualization of What a Deep Neural
/// Network Has Learned", arXiv 1509.06321): parts of one input are taken away, highest score first, or put back, while the answer's
/// probability is watched; the other input stays as it is. Areas lie between 0 and 1. Beside them are the means over random orders: a
/// probability that falls anyway says nothing.
/// </summary>
/// <param name="Deletion">Area under the probability while parts are taken away; low is good.</param>
/// <param name="Insertion">Area under the probability while parts are put back; high is good.</param>
/// <param name="RandomDeletion">The mean deletion area of random orders.</param>
/// <param name="RandomInsertion">The mean insertion area of random orders.</param>
public sealed record Faithfulness(double Deletion, double Insertion, double RandomDeletion, double RandomInsertion)
{
    /// <summary>How much better than random: the mean of both gains. Above 0 the scores deserve some trust, at or below 0 none.</summary>
    public double Score => ((RandomDeletion - Deletion) + (Insertion - RandomInsertion)) / 2;
}
