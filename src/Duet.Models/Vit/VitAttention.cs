// How attention flows through ViT.
using Duet.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The class position and the patches look at one another; every task is read at the class position, or from all
/// patches.</summary>
internal static class VitAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, int grid, VitPooling pooling)
    {
        var patches = AttentionSpace.OfPicture(grid, start: 1);
        var (products, device) = (pass.Batch.Size, pass.Batch.Pixels.device);
        flow.AddSelf(patches, pass.Attention("visual.transformer"));
        flow.Read(
            pooling == VitPooling.Mean
                ? AttentionReadOut.Mean(patches, 1, ones([products, patches.PatchCount], device: device))
                : AttentionReadOut.At(patches, products, 0, device)
        );
    }
}
