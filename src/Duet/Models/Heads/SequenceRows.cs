// Picking and hiding positions of a sequence.
using Duet.Torch;

namespace Duet.Models.Heads;

/// <summary>Rows of a sequence by position.</summary>
public static class SequenceRows
{
    /// <summary>Rows at given positions: <c>[B, L, D]</c> at <c>[B, N]</c> gives <c>[B, N, D]</c>.</summary>
    public static Tensor At(Tensor sequence, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(positions);
        return sequence.Gather(1, positions.To(ScalarType.Int64).Unsqueeze(-1).Expand(-1, -1, sequence.Size(-1)));
    }

    /// <summary>The same rows of all samples below one another, <c>[B * N, D]</c>.</summary>
    public static Tensor Gathered(Tensor sequence, Tensor positions) => At(sequence, positions).Flatten(0, 1);

    /// <summary>
    /// The sequence with zeros at given positions (one-hot rows summed and subtracted from one, as EasyTransfer does; positions of a sample differ).
    /// </summary>
    /// <param name="sequence"><c>[B, L, F]</c>.</param>
    /// <param name="positions"><c>[B, N]</c>.</param>
    public static Tensor Zeroed(Tensor sequence, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(positions);
        var kept = 1.0 - positions.To(ScalarType.Int64).OneHot(sequence.Size(1)).Sum(1).To(ScalarType.Float32);
        return sequence * kept.Unsqueeze(-1);
    }
}
