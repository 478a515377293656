// One step by which positions get what is at other positions.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Attention;

/// <summary>One recorded attention, or the plain fact that one sequence is a part of another.</summary>
/// <param name="Rows">The sequence that gets something.</param>
/// <param name="Columns">Where it comes from; the same as <paramref name="Rows"/> in self-attention.</param>
/// <param name="Weights">Attention <c>[B, H, rows, columns]</c>; null for a part.</param>
public sealed record AttentionStep(AttentionSpace Rows, AttentionSpace Columns, Tensor? Weights)
{
    /// <summary>Whether what was in the rows before is kept beside what attention adds (a residual sum).</summary>
    public bool Residual { get; init; } = true;

    /// <summary>The block it belongs to, counted from 0 in its sequence: steps of one block are looked at together.</summary>
    public int Layer { get; init; }

    /// <summary>For a part: the first row of it.</summary>
    public int RowStart { get; init; }

    /// <summary>For a part: the column of its first row.</summary>
    public int ColumnStart { get; init; }

    /// <summary>For a part: how many positions.</summary>
    public int Count { get; init; }
}
