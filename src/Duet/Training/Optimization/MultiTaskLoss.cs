// The loss over many tasks, each masked where its label is missing.
using Duet.Data;
using Duet.Models;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// Cross-entropy per single-label task, binary cross-entropy per multi-label task, each a mean over the rows that have a label; summed
/// plainly, or weighed by learned uncertainties (Kendall et al., arXiv 1705.07115).
/// </summary>
public sealed class MultiTaskLoss : Module
{
    private readonly IReadOnlyList<TaskDefinition> _tasks;
    private readonly double _labelSmoothing;
    private readonly Tensor? _logVariances;

    /// <summary>Creates the loss.</summary>
    public MultiTaskLoss(IReadOnlyList<TaskDefinition> tasks, LossBalancing balancing, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        (_tasks, _labelSmoothing) = (tasks, labelSmoothing);
        _logVariances = balancing == LossBalancing.Uncertainty ? AddParameter("log_variances", zeros([tasks.Count])) : null;
    }

    /// <summary>The loss to minimise, <c>[]</c>, and each task's own, <c>[tasks]</c> (0 where no row of the batch has a label).</summary>
    public (Tensor Total, Tensor Tasks) Forward(ModelOutput output, IReadOnlyList<Tensor> labels)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(labels);
        var losses = new Tensor[_tasks.Count];
        var labelled = new Tensor[_tasks.Count];
        for (var task = 0; task < losses.Length; task++)
        {
            var present = labels[task].GreaterOrEqual(0).to(ScalarType.Float32);
            var count = present.sum();
            labelled[task] = count.Clamp(null, 1);
            losses[task] =
                _tasks[task].Kind == TaskKind.SingleLabel
                    ? SingleLabel(output.Logits[task], labels[task], count.Clamp(1))
                    : MultiLabel(output.Logits[task], labels[task], present, count.Clamp(1));
        }

        var each = stack(losses, 0);

        // A task without a label in this batch says nothing about its own uncertainty either.
        var total = _logVariances is null
            ? each.sum()
            : ((each * (_logVariances.neg()).exp()).Plus(_logVariances * stack(labelled, 0))).sum();
        return (output.AuxiliaryLoss is null ? total : total.Plus(output.AuxiliaryLoss), each);
    }

    private static Tensor MultiLabel(Tensor logits, Tensor targets, Tensor present, Tensor count) =>
        Functional.BinaryCrossEntropy(logits, targets.Clamp(0), present, reduction: nn.Reduction.Sum) / count;

    private Tensor SingleLabel(Tensor logits, Tensor labels, Tensor count) =>
        Functional.CrossEntropy(logits, labels, -1, _labelSmoothing, nn.Reduction.Sum) / count;
}

/// <summary>How the losses of several tasks are weighed.</summary>
public enum LossBalancing
{
    /// <summary>Their plain sum.</summary>
    Equal,

    /// <summary>Learned uncertainties: <c>sum exp(-s_k) L_k + s_k</c> (Kendall et al., arXiv 1705.07115).</summary>
    Uncertainty,
}
