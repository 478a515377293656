// How attention flows through SigLIP.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>Two sequences that never look at each other: patches, read by a learned query, and tokens, read at the last position.</summary>
internal static class SigLipAttention
{
    /// <summary>Describes a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="grid">Patches along a side.</param>
    /// <param name="contextLength">Positions of a text, which is always filled up.</param>
    internal static void Describe(RecordedPass pass, AttentionFlow flow, int grid, int contextLength)
    {
        var (batch, device) = (pass.Batch, pass.Batch.Pixels.device);
        var patches = AttentionSpace.OfPicture(grid, start: 0);
        var pooled = new AttentionSpace("pooled picture", 1);
        flow.AddSelf(patches, pass.Attention("visual.transformer"));
        flow.Add(new AttentionStep(pooled, patches, pass.Attention("visual.attn_pool")[^1]) { Residual = false });
        flow.Read(AttentionReadOut.At(pooled, batch.Size, 0, device));

        var tokens = AttentionSpace.OfText(batch.TokenIds.size(1), contextLength);
        flow.AddSelf(tokens, pass.Attention("text"));
        flow.Read(AttentionReadOut.At(tokens, batch.Size, contextLength - 1, device));
    }
}
