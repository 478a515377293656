// What VisualBERT's task heads read from the sequence and how they are scored.
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The published read-outs of VisualBERT's tasks (uclanlp/visualbert, modeling.py).</summary>
public static class VisualBertHeads
{
    /// <summary>
    /// The state VQA classifies: the one before the last visible text token (the [MASK] before [SEP]), <c>[B, 1, D]</c>.
    /// </summary>
    /// <param name="hidden">States of words and regions, <c>[B, L + R, D]</c>.</param>
    /// <param name="wordsVisible">1 where there is a word, <c>[B, L]</c>.</param>
    public static Tensor AnswerState(Tensor hidden, Tensor wordsVisible)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(wordsVisible);
        return SequenceRows.At(hidden, wordsVisible.sum(1, keepdim: true).Minus(2));
    }

    /// <summary>Kullback-Leibler divergence of the scores' softmax from soft labels, summed and divided by the rows B
    /// ("batchmean").</summary>
    /// <param name="scores"><c>[B, ..., C]</c>.</param>
    /// <param name="target">Of the same shape; zeros contribute nothing.</param>
    public static Tensor SoftLabelDivergence(Tensor scores, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(target);
        var entropy = (target * target.Clamp(float.Epsilon).log()).MaskedFill(target.EqualTo(0), 0);
        return (entropy - (target * scores.log_softmax(-1))).sum().Times(1.0 / scores.size(0));
    }

    /// <summary>VQA's accuracy: the soft label of the best answer, answer 0 (unknown) excluded, averaged over the batch.</summary>
    /// <param name="scores"><c>[B, C]</c>.</param>
    /// <param name="target">Soft labels, <c>[B, C]</c>.</param>
    public static Tensor AnswerAccuracy(Tensor scores, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(target);
        var best = scores.narrow(1, 1, scores.size(1) - 1).argmax(1, keepdim: true).Plus(1);
        return target.gather(1, best.to(ScalarType.Int64)).mean();
    }

    /// <summary>Flickr's accuracy: the share of entities whose best region is one of the right ones.</summary>
    /// <param name="scores">Region scores per entity, <c>[B, E, R]</c>.</param>
    /// <param name="target">Soft labels, <c>[B, E, R]</c>.</param>
    /// <param name="positions">Text positions of the entities, <c>[B, E]</c>, -1 for none.</param>
    public static Tensor GroundingAccuracy(Tensor scores, Tensor target, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(positions);
        var hits = target.NotEqualTo(0).to(ScalarType.Float32).gather(2, scores.argmax(2, keepdim: true));
        return hits.sum() / positions.NotEqualTo(-1).sum();
    }
}
