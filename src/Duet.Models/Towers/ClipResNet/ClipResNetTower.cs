// CLIP's modified ResNet as a picture tower.
using Duet.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The attention pool asked by every cell and not by their mean alone: the pooled picture first, then the cells, all of them in the joint
/// space (Rao et al., "DenseCLIP", arXiv 2112.01518, section 3.2).
/// </summary>
/// <param name="network">The network.</param>
/// <param name="surroundings">The system around it.</param>
internal sealed class ClipResNetTower(ModifiedResNet network, TowerSurroundings surroundings)
    : PictureTower(network, surroundings.JointWidth, surroundings.Options.ImageSize / 32, firstPatch: 1)
{
    /// <summary>For tests and demonstrations.</summary>
    internal static ModifiedResNetOptions Tiny { get; } =
        new()
        {
            Layers = [1, 1, 1, 1],
            Width = 8,
            Heads = 4,
        };

    /// <summary>For training from scratch on a CPU.</summary>
    internal static ModifiedResNetOptions Small { get; } =
        new()
        {
            Layers = [1, 1, 1, 1],
            Width = 16,
            Heads = 8,
        };

    /// <inheritdoc/>
    internal override bool IsProjected => true;

    /// <inheritdoc/>
    internal override Tensor Tokens(Tensor pixels) => network.Tokens(pixels);

    /// <inheritdoc/>
    internal override Tensor Embed(Tensor pixels) => network.Forward(pixels);

    /// <inheritdoc/>
    internal override AttentionSpace Describe(RecordedPass pass, AttentionFlow flow, string path)
    {
        var cells = AttentionSpace.OfPicture(Grid, start: 1);
        flow.Add(new AttentionStep(cells, cells, pass.Attention(path)[0]) { Residual = false });
        return cells;
    }

    // The mean of all cells asks the mean and the cells.
    internal override AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path)
    {
        var mean = new AttentionSpace("pooled picture", 1);
        var cells = AttentionSpace.OfPicture(Grid, start: 1);
        flow.Add(new AttentionStep(mean, cells, pass.Attention(path)[0]) { Residual = false });
        return AttentionReadOut.At(mean, pass.Batch.Size, 0, pass.Batch.Pixels.device);
    }
}
