// What the positions of a tower's sequence are.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The layout of a tower's sequence, <c>[B, N, W]</c>.</summary>
/// <param name="Length">Its positions N.</param>
/// <param name="Summary">The position in which the tower sums its input up, <c>[B]</c> int64: the class position, the end token. Null where
/// there is none.</param>
internal sealed record SequenceLayout(int Length, Tensor? Summary)
{
    /// <summary>The first position that is a patch or a token: 1 behind a class position.</summary>
    internal int FirstPart { get; init; }

    /// <summary>Where there is a token, <c>[B, N]</c> boolean; null where there is something at every position.</summary>
    internal Tensor? Present { get; init; }
}
