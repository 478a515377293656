// Picking and hiding positions of a sequence.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>Rows of a sequence by position.</summary>
public static class SequenceRows
{
    /// <summary>Rows at given positions: <c>[B, L, D]</c> at <c>[B, N]</c> gives <c>[B, N, D]</c>.</summary>
    public static Tensor At(Tensor sequence, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(positions);
        return sequence.gather(1, positions.to(ScalarType.Int64).unsqueeze(-1).expand(-1, -1, sequence.size(-1)));
    }

    /// <summary>The same rows of all samples below one another, <c>[B * N, D]</c>.</summary>
    public static Tensor Gathered(Tensor sequence, Tensor positions) => At(sequence, positions).flatten(0, 1);

    /// <summary>
    /// The sequence with zeros at given positions (one-hot rows summed and subtracted from one, as EasyTransfer does; positions of a sample
    /// differ).
    /// </summary>
    /// <param name="sequence"><c>[B, L, F]</c>.</param>
    /// <param name="positions"><c>[B, N]</c>.</param>
    public static Tensor Zeroed(Tensor sequence, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(positions);
        var kept = nn
            .functional.one_hot(positions.to(ScalarType.Int64), sequence.size(1))
            .sum(1)
            .to(ScalarType.Float32)
            .SubtractedFrom(1.0);
        return sequence * kept.unsqueeze(-1);
    }
}
