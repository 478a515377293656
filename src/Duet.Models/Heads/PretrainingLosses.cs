// The losses of one-stream pre-training.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>Losses of ImageBERT and Kaleido-BERT as EasyTransfer computes them (alibaba/EasyTransfer, losses/pretrain_loss.py).</summary>
public static class PretrainingLosses
{
    private const double WeightFloor = 1e-5;
    private const double SmallestProbability = 1e-7;

    /// <summary>
    /// Masked-language loss over gathered rows: <c>sum(w * cross-entropy) / (sum(w) + 1e-5)</c>, so that padded predictions (weight 0) do
    /// not count.
    /// </summary>
    /// <param name="logits">Scores of all words at the masked places, <c>[N, V]</c>.</param>
    /// <param name="words">The words that were there, <c>[N]</c>.</param>
    /// <param name="weights">1 for a masked word, 0 for padding, <c>[N]</c>.</param>
    public static Tensor MaskedLanguage(Tensor logits, Tensor words, Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(words);
        var chosen = logits.log_softmax(-1).gather(1, words.unsqueeze(1)).squeeze(1);
        return (chosen * weights).sum().neg() / (weights.sum().Plus(WeightFloor));
    }

    /// <summary>
    /// Kullback-Leibler divergence of two softmaxes, each clipped to <c>[1e-7, 1]</c> (keras' KLD), summed over features and averaged over
    /// rows.
    /// </summary>
    /// <param name="logits">Predicted features, <c>[N, F]</c>.</param>
    /// <param name="target">The patches' own features, <c>[N, F]</c>; their softmax is the target.</param>
    /// <param name="rowWeights">Weight of each row in the mean, <c>[N]</c>; null for 1.</param>
    public static Tensor FeatureDivergence(Tensor logits, Tensor target, Tensor? rowWeights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Divergence(logits, target.softmax(-1), rowWeights);
    }

    /// <summary>
    /// The same with the target softmax taken over all masked patches of a sample together and split afterwards: what EasyTransfer computes
    /// for grey patches because its schema feeds them as one flat row.
    /// </summary>
    /// <param name="logits">Predicted features, <c>[B * M, F]</c>.</param>
    /// <param name="flatTarget">The patches' own features, <c>[B, M * F]</c>.</param>
    public static Tensor FlatFeatureDivergence(Tensor logits, Tensor flatTarget)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(flatTarget);
        return Divergence(logits, flatTarget.softmax(-1).reshape(logits.size(0), logits.size(1)), rowWeights: null);
    }

    /// <summary>Mean squared difference of the two log-softmaxes: EasyTransfer's other patch loss.</summary>
    /// <param name="logits">Predicted features, <c>[N, F]</c>.</param>
    /// <param name="target">The patches' own features, <c>[N, F]</c>.</param>
    public static Tensor LogSoftmaxSquaredError(Tensor logits, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return (target.log_softmax(-1) - logits.log_softmax(-1)).Power(2).mean();
    }

    /// <summary>The mean over chosen rows; 0 where none is chosen.</summary>
    /// <param name="values">One value per row, of any shape.</param>
    /// <param name="chosen">True for the rows that count, of the same shape.</param>
    public static Tensor ChosenMean(Tensor values, Tensor chosen)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(chosen);
        return values.MaskedFill(chosen.logical_not(), 0).sum() / chosen.to(ScalarType.Float32).sum().Clamp(1);
    }

    /// <summary>A loss of 0 that still depends on the network: for batches with nothing to learn from.</summary>
    public static Tensor Nothing(Torch.Modules.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.NamedParameters().First().Value.sum().Times(0.0);
    }

    private static Tensor Divergence(Tensor logits, Tensor targetProbabilities, Tensor? rowWeights)
    {
        var target = targetProbabilities.Clamp(SmallestProbability, 1);
        var predicted = logits.softmax(-1).Clamp(SmallestProbability, 1);
        var rows = (target * (target / predicted).log()).sum(-1);
        return rowWeights is null ? rows.mean() : (rows * rowWeights).sum() / rowWeights.sum().Clamp(WeightFloor);
    }
}
