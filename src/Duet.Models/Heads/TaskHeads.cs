// The classifiers of all tasks on one embedding.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>One <see cref="TaskHead"/> per task, all on the same embedding.</summary>
public sealed class TaskHeads : Module
{
    private readonly List<TaskHead> _heads = [];

    /// <summary>Creates the classifiers.</summary>
    /// <param name="context">The tasks.</param>
    /// <param name="width">Width D of the embedding.</param>
    /// <param name="hidden">Width of the hidden layers; 0 for linear classifiers.</param>
    /// <param name="dropout">Probability of dropping an element before the last layer while training.</param>
    public TaskHeads(ModelContext context, long width, long hidden, double dropout)
    {
        ArgumentNullException.ThrowIfNull(context);
        for (var task = 0; task < context.Tasks.Count; task++)
        {
            _heads.Add(
                Add(
                    task.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    new TaskHead(width, hidden, context.Tasks[task].Classes.Count, dropout)
                )
            );
        }
    }

    /// <summary>Logits per task, <c>[B, D] -> [B, C]</c> each.</summary>
    public IReadOnlyList<Tensor> Forward(Tensor embedding) => [.. _heads.Select(head => head.Forward(embedding))];
}
