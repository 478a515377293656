// Where a system's answer is read.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Attention;

/// <summary>The positions that answers are computed from.</summary>
/// <param name="Space">The sequence.</param>
/// <param name="Weights">How much each position counts, <c>[B, L]</c>, of the sequence's L positions.</param>
/// <param name="Task">The task; null where all tasks are read alike.</param>
public sealed record AttentionReadOut(AttentionSpace Space, Tensor Weights, int? Task = null)
{
    /// <summary>One position, the same for all products.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="batch">The number of products.</param>
    /// <param name="position">The position.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="task">The task; null for all.</param>
    public static AttentionReadOut At(AttentionSpace space, long batch, long position, Device device, int? task = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return At(space, Tensors.Full([batch], position, dtype: ScalarType.Int64, device: device), task);
    }

    /// <summary>One position per product.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="positions"><c>[B]</c> int64.</param>
    /// <param name="task">The task; null for all.</param>
    public static AttentionReadOut At(AttentionSpace space, Tensor positions, int? task = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(positions);
        return new(space, nn.functional.one_hot(positions, space.Length).to(ScalarType.Float32), task);
    }

    /// <summary>The mean of some positions, weighted if wanted.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="start">The first position that may count.</param>
    /// <param name="counted"><c>[B, N]</c>: whether, or how much, each of the N positions from there on counts; at least one per
    /// product.</param>
    /// <param name="task">The task; null for all.</param>
    public static AttentionReadOut Mean(AttentionSpace space, long start, Tensor counted, int? task = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(counted);
        var weights = counted.to(ScalarType.Float32);
        var (batch, end) = (weights.size(0), start + weights.size(1));
        return new(
            space,
            cat(
                [
                    zeros([batch, start], device: weights.device),
                    weights / weights.sum(1, keepdim: true),
                    zeros([batch, space.Length - end], device: weights.device),
                ],
                1
            ),
            task
        );
    }
}
