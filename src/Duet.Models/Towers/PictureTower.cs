// A picture tower as systems see it, whatever network it is.
using Duet.Models.Attention;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// A network that turns pictures into a sequence over a square grid, perhaps with a class position in front. The system registers
/// <see cref="Module"/> under a name of its own; this object holds no parameters.
/// </summary>
/// <param name="module">The network.</param>
/// <param name="width">Width W of the sequence.</param>
/// <param name="grid">Patches along a side of the picture.</param>
/// <param name="firstPatch">1 behind a class position, 0 where the sequence begins with the patches.</param>
internal abstract class PictureTower(Module module, int width, int grid, int firstPatch)
{
    /// <summary>The network, with its parameters under their published names.</summary>
    internal Module Module => module;

    /// <summary>Width W of the sequence.</summary>
    internal int Width => width;

    /// <summary>Patches along a side of the picture.</summary>
    internal int Grid => grid;

    /// <summary>Positions N of the sequence.</summary>
    internal int Length => firstPatch + (grid * grid);

    /// <summary>Whether the tower brings its sequence into the joint space by itself, as CLIP's do.</summary>
    internal virtual bool IsProjected => false;

    /// <summary>The sequence: <c>[B, 3, S, S] -> [B, N, W]</c>.</summary>
    internal abstract Tensor Tokens(Tensor pixels);

    /// <summary>The tower's own way into the joint space, on any positions: <c>[..., W] -> [..., E]</c>.</summary>
    internal virtual Tensor Project(Tensor tokens) => tokens;

    /// <summary>One vector per picture: in the joint space where the tower is projected, else of the sequence's width.</summary>
    internal virtual Tensor Embed(Tensor pixels) => Tokens(pixels).narrow(1, firstPatch, grid * grid).mean([1]);

    /// <summary>The sequence of the pictures of a batch that are there; zeros for the others.</summary>
    internal Tensor Tokens(Batch batch) =>
        PictureFeatures.OfPresent(batch.Pixels, batch.ImagePresent, module.training, [Length, width], Tokens);

    /// <summary>What the positions are.</summary>
    internal SequenceLayout Layout(Batch batch) =>
        new(Length, firstPatch == 0 ? null : zeros([batch.Size], dtype: ScalarType.Int64, device: batch.Pixels.device))
        {
            FirstPart = firstPatch,
        };

    /// <summary>Says how attention flows through the tower.</summary>
    /// <param name="pass">A forward pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="path">Where the system has the tower.</param>
    /// <returns>The tower's sequence.</returns>
    internal virtual AttentionSpace Describe(RecordedPass pass, AttentionFlow flow, string path)
    {
        var space = AttentionSpace.OfPicture(grid, firstPatch);
        flow.AddSelf(space, pass.Attention(path));
        return space;
    }

    /// <summary>Says how attention flows through the tower where only its embedding is used, and where that is read: in all patches alike
    /// unless the tower has a position for it.</summary>
    /// <param name="pass">A forward pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="path">Where the system has the tower.</param>
    internal virtual AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path) =>
        AttentionReadOut.Mean(
            Describe(pass, flow, path),
            firstPatch,
            ones([pass.Batch.Size, grid * grid], device: pass.Batch.Pixels.device)
        );

    /// <summary>The read-out of a tower that ends in its class position.</summary>
    protected AttentionReadOut AtClass(RecordedPass pass, AttentionFlow flow, string path) =>
        AttentionReadOut.At(Describe(pass, flow, path), pass.Batch.Size, 0, pass.Batch.Pixels.device);
}
