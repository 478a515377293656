// The quantity that explanations of scores explain.
using Duet.Data;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Explanation;

/// <summary>
/// log p / (1 - p) of a class: of a multi-label class its logit; of a softmax its logit less the log-sum-exp of all others. Unlike the
/// probability it does not level off where the model is sure.
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
        var own = logits.select(1, label).to(ScalarType.Float32);
        if (task.Kind == TaskKind.MultiLabel || task.Classes.Count == 1)
        {
            return own;
        }

        var chosen = Tensors.Range(0, task.Classes.Count, device: logits.device).EqualTo(label).unsqueeze(0);
        var others = logits.to(ScalarType.Float32).MaskedFill(chosen, Hidden);
        var largest = others.amax([1], keepdim: true).detach();
        return own - (others - largest).exp().sum(1).log() - largest.squeeze(1);
    }
}
