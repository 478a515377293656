// A text tower as systems see it, whatever network it is.
using Duet.Models.Attention;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// A network that turns token ids into a sequence of the same length. The system registers <see cref="Module"/> under a name of its own;
/// this object holds no parameters.
/// </summary>
/// <param name="module">The network.</param>
/// <param name="width">Width W of the sequence.</param>
internal abstract class TextTower(Module module, int width)
{
    /// <summary>The network, with its parameters under their published names.</summary>
    internal Module Module => module;

    /// <summary>Width W of the sequence.</summary>
    internal int Width => width;

    /// <summary>Where tokens are looked up.</summary>
    internal abstract Embedding TokenVectors { get; }

    /// <summary>Whether the tower brings its sequence into the joint space by itself, as CLIP's does.</summary>
    internal virtual bool IsProjected => false;

    /// <summary>The sequence, <c>[B, L, W]</c>.</summary>
    internal abstract Tensor Tokens(Batch batch);

    /// <summary>The tower's own way into the joint space, on any positions: <c>[..., W] -> [..., E]</c>.</summary>
    internal virtual Tensor Project(Tensor tokens) => tokens;

    /// <summary>One vector per text: in the joint space where the tower is projected, else the mean over the tokens.</summary>
    internal virtual Tensor Embed(Batch batch)
    {
        var tokens = Tokens(batch);
        var counted = batch.TokenMask.unsqueeze(2).to(tokens.dtype);
        return (tokens * counted).sum(1) / counted.sum(1);
    }

    /// <summary>What the positions are. The end token sums a text up, in CLIP because it alone has seen all of it.</summary>
    internal virtual SequenceLayout Layout(Batch batch) =>
        new((int)batch.TokenIds.size(1), batch.EndPositions) { Present = batch.TokenMask };

    /// <summary>Says how attention flows through the tower.</summary>
    /// <param name="pass">A forward pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="path">Where the system has the tower.</param>
    /// <returns>The tower's sequence.</returns>
    internal AttentionSpace Describe(RecordedPass pass, AttentionFlow flow, string path)
    {
        var space = AttentionSpace.OfText(pass.Batch.TokenIds.size(1));
        flow.AddSelf(space, pass.Attention(path));
        return space;
    }

    /// <summary>Says how attention flows through the tower where only its embedding is used, and where that is read: in all tokens alike
    /// unless the tower has a position for it.</summary>
    /// <param name="pass">A forward pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="path">Where the system has the tower.</param>
    internal virtual AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path) =>
        AttentionReadOut.Mean(Describe(pass, flow, path), 0, pass.Batch.TokenMask);
}
