// Where a system's answer is read.
using Duet.Torch;

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
        return At(space, Tensor.Full([batch], position, ScalarType.Int64, device), task);
    }

    /// <summary>One position per product.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="positions"><c>[B]</c> int64.</param>
    /// <param name="task">The task; null for all.</param>
    public static AttentionReadOut At(AttentionSpace space, Tensor positions, int? task = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(positions);
        return new(space, positions.OneHot(space.Length).To(ScalarType.Float32), task);
    }

    /// <summary>The mean of some positions, weighted if wanted.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="start">The first position that may count.</param>
    /// <param name="counted"><c>[B, N]</c>: whether, or how much, each of the N positions from there on counts; at least one per product.</param>
    /// <param name="task">The task; null for all.</param>
    public static AttentionReadOut Mean(AttentionSpace space, long start, Tensor counted, int? task = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(counted);
        var weights = counted.To(ScalarType.Float32);
        var (batch, end) = (weights.Size(0), start + weights.Size(1));
        return new(
            space,
            Tensor.Concatenate(
                1,
                Tensor.Zeros([batch, start], device: weights.Device),
                weights / weights.Sum(1, keepDimension: true),
                Tensor.Zeros([batch, space.Length - end], device: weights.Device)),
            task);
    }
}
