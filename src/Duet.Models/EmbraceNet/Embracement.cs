// The embracement of EmbraceNet: every feature of the joint vector is taken from one modality chosen at random.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The random choices of EmbraceNet (Choi and Lee, arXiv 1904.09078). K modalities, each docked to <c>[B, c]</c>; for every sample
/// and every one of the c features, one modality is drawn with the sample's probabilities, and the feature is taken from it.
/// </summary>
public static class Embracement
{
    /// <summary>The probabilities with which each sample draws its modalities: selection times availability, normalised.</summary>
    /// <remarks>
    /// Where every available modality has the selection probability 0 (the published code divides by zero there), the available ones are
    /// drawn evenly; where no modality is available, the row is all zeros and the embraced vector is zero.
    /// </remarks>
    /// <param name="availabilities">0 or 1, <c>[B, K]</c>.</param>
    /// <param name="selection">Selection probabilities, not necessarily normalised, <c>[B, K]</c> or <c>[K]</c>; null for even
    /// ones.</param>
    /// <returns><c>[B, K]</c>; rows sum to 1, or to 0 where nothing is available.</returns>
    public static Tensor Probabilities(Tensor availabilities, Tensor? selection = null)
    {
        ArgumentNullException.ThrowIfNull(availabilities);
        var available = availabilities.to(ScalarType.Float32);
        if (selection is null)
        {
            return Normalized(available);
        }

        var weighted = available * selection;
        return Normalized(weighted.where(weighted.sum(1, keepdim: true).GreaterThan(0), available));
    }

    /// <summary>Draws a modality for every feature of every sample, independently and with replacement.</summary>
    /// <param name="probabilities"><c>[B, K]</c>, from <see cref="Probabilities"/>.</param>
    /// <param name="features">The number c of features.</param>
    /// <returns>Modality indices (int64) <c>[B, c]</c>; any index where the row's probabilities are all zero.</returns>
    public static Tensor Draw(Tensor probabilities, long features)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        using var gradients = no_grad();
        return DrawableRows(probabilities).multinomial(features, replacement: true);
    }

    /// <summary>Takes every feature from its drawn modality.</summary>
    /// <param name="docked">The modalities' vectors, <c>[B, K, c]</c>.</param>
    /// <param name="indices">The drawn modalities (int64), <c>[B, c]</c>.</param>
    /// <param name="probabilities"><c>[B, K]</c>; samples whose row is all zeros get the zero vector.</param>
    /// <returns><c>[B, c]</c>.</returns>
    public static Tensor Pick(Tensor docked, Tensor indices, Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(docked);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(probabilities);
        var picked = docked.gather(1, indices.unsqueeze(1)).squeeze(1);
        return picked.MaskedFill(Empty(probabilities), 0);
    }

    /// <summary>The expectation of the embraced vector over all draws: the probability-weighted sum of the docked vectors.</summary>
    /// <param name="docked">The modalities' vectors, <c>[B, K, c]</c>.</param>
    /// <param name="probabilities"><c>[B, K]</c>.</param>
    /// <returns><c>[B, c]</c>; zero where nothing is available.</returns>
    public static Tensor Expect(Tensor docked, Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(docked);
        ArgumentNullException.ThrowIfNull(probabilities);
        // An absent modality's vector may hold anything; a product with 0 would keep its NaN.
        var weights = probabilities.unsqueeze(2);
        return (docked * weights).MaskedFill(weights.EqualTo(0), 0).sum(1);
    }

    /// <summary>
    /// Modality dropout (arXiv 1904.09078 and the code published with it): with the given probability for the whole batch, every sample
    /// keeps one of its available modalities, drawn evenly, and loses the others.
    /// </summary>
    /// <param name="availabilities">0 or 1, <c>[B, K]</c>.</param>
    /// <param name="probability">That the batch is treated so, in <c>[0, 1]</c>.</param>
    /// <returns>0 or 1 (float32), <c>[B, K]</c>.</returns>
    public static Tensor DropModalities(Tensor availabilities, double probability)
    {
        ArgumentNullException.ThrowIfNull(availabilities);
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        using var gradients = no_grad();
        var available = availabilities.to(ScalarType.Float32);
        if (probability == 0 || Tensors.Full([1], probability).bernoulli().ToNumber() == 0)
        {
            return available;
        }

        var kept = DrawableRows(available).multinomial(1, replacement: true).squeeze(1);
        return available * nn.functional.one_hot(kept, available.size(1));
    }

    // libtorch refuses to draw from a row of zeros; such rows are drawn evenly and overruled afterwards.
    private static Tensor DrawableRows(Tensor probabilities) => probabilities.Plus(Empty(probabilities).to(ScalarType.Float32));

    private static Tensor Empty(Tensor probabilities) => probabilities.sum(1, keepdim: true).GreaterThan(0).logical_not();

    private static Tensor Normalized(Tensor weights)
    {
        var sum = weights.sum(1, keepdim: true);
        return weights / sum.MaskedFill(sum.GreaterThan(0).logical_not(), 1);
    }
}
