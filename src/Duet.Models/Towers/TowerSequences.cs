// What frozen towers give, computed once: a system that has it need not run them again.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The sequences of a batch as its towers gave them before.</summary>
/// <param name="Image">The picture tower's, <c>[B, N, W]</c>; zeros where there was no picture.</param>
/// <param name="Text">The text tower's, <c>[B, L, V]</c>.</param>
public sealed record TowerSequences(Tensor Image, Tensor Text)
{
    /// <summary>The given rows alone.</summary>
    /// <param name="rows">Row numbers, <c>[N]</c> int64.</param>
    public TowerSequences Select(Tensor rows) => new(Image.index_select(0, rows), Text.index_select(0, rows));
}

/// <summary>A system whose towers can be run by themselves, and which goes on from their sequences
/// (<see cref="Batch.Sequences"/>).</summary>
public interface ITwoTowers
{
    /// <summary>Runs the towers alone.</summary>
    /// <param name="batch">Products; every row has a picture or a text.</param>
    TowerSequences Embed(Batch batch);
}

/// <summary>Where sequences are kept.</summary>
public interface ITowerSequenceStore
{
    /// <summary>The sequences of products.</summary>
    /// <param name="rows">Their rows in the table.</param>
    /// <param name="length">The batch's token length L.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <exception cref="KeyNotFoundException">A row's were never computed.</exception>
    TowerSequences Read(IReadOnlyList<long> rows, int length, Device device);
}
