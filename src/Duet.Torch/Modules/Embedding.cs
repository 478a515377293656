// The table of vectors looked up by index.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>A table of vectors, <c>[count, width]</c>, started from N(0, 0.02).</summary>
public sealed class Embedding : Module
{
    private readonly AsyncLocal<Func<Tensor, Tensor>?> _replace = new();

    /// <summary>Creates the table.</summary>
    public Embedding(long count, long width, double deviation = 0.02) =>
        Weight = AddParameter("weight", Tensors.Normal([count, width], 0, deviation));

    /// <summary><c>[count, width]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary>
    /// Gets the vectors that were looked up and gives those to go on with: how explanations vary words. Null, as it starts, leaves them
    /// alone. It holds for the flow of execution that sets it: others that use the table meanwhile see nothing of it.
    /// </summary>
    public Func<Tensor, Tensor>? Replace
    {
        get => _replace.Value;
        set => _replace.Value = value;
    }

    /// <summary>Indices <c>[...]</c> (int64) to vectors <c>[..., width]</c>.</summary>
    public Tensor Forward(Tensor indices) => Replaced(Functional.Embedding(Weight, indices));

    /// <summary>What <see cref="Replace"/> makes of vectors that were looked up in another way, <c>[..., width]</c>.</summary>
    public Tensor Replaced(Tensor vectors) => Replace is { } replace ? replace(vectors) : vectors;
}
