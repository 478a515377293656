// The number that explanations of scores speak about.
using Duet.Data;
using Duet.Torch;

namespace Duet.Explanation;

/// <summary>
/// log p / (1 - p) of a class: of a multi-label class its logit; of a softmax its logit less the log-sum-exp of all others. Unlike the probability it
/// does not level off where the model is sure.
/// </summary>
internal static class LogOdds
{
    // Keeps certainty, which float probabilities reach, a number.
    private const double Least = 1e-7;

    private const double Hidden = -1e9;

    /// <summary>From a probability.</summary>
    public static double Of(double probability)
    {
        var inside = Math.Clamp(probability, Least, 1 - Least);
        return Math.Log(inside / (1 - inside));
    }

    /// <summary>From logits <c>[B, C]</c>, differentiable: <c>[B]</c>.</summary>
    public static Tensor Of(Tensor logits, TaskDefinition task, int label)
    {
        var own = logits.Select(1, label).To(ScalarType.Float32);
        if (task.Kind == TaskKind.MultiLabel || task.Classes.Count == 1)
        {
            return own;
        }

        var chosen = Tensor.Range(0, task.Classes.Count, device: logits.Device).Equal(label).Unsqueeze(0);
        var others = logits.To(ScalarType.Float32).MaskedFill(chosen, Hidden);
        var largest = others.Max(1, keepDimension: true).Detach();
        return own - (others - largest).Exp().Sum(1).Log() - largest.Squeeze(1);
    }
}
