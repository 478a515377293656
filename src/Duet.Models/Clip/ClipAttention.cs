// How attention flows through CLIP.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>Two sequences that never look at each other: patches, read at the class position or by the attention pool, and tokens, read at
/// the end token.</summary>
internal static class ClipAttention
{
    /// <summary>Describes a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="flow">Receives the steps.</param>
    /// <param name="grid">Patches along a side of a vision transformer; null for the modified ResNet.</param>
    internal static void Describe(RecordedPass pass, AttentionFlow flow, int? grid)
    {
        var (batch, attention) = (pass.Batch, pass.Attention("visual"));
        if (grid is { } side)
        {
            flow.ReadFirst(AttentionSpace.OfPicture(side, start: 1), attention, batch);
        }
        else if (attention is [var pool, ..])
        {
            // The mean of all cells asks the mean and the cells.
            var cells = AttentionSpace.OfPicture((int)Math.Round(Math.Sqrt(pool.size(3) - 1)), start: 1);
            var mean = new AttentionSpace("pooled picture", 1);
            flow.Add(new AttentionStep(mean, cells, pool) { Residual = false });
            flow.Read(AttentionReadOut.At(mean, batch.Size, 0, batch.Pixels.device));
        }

        var tokens = AttentionSpace.OfText(batch.TokenIds.size(1));
        flow.AddSelf(tokens, pass.Attention("text"));
        flow.Read(AttentionReadOut.At(tokens, batch.EndPositions));
    }
}
