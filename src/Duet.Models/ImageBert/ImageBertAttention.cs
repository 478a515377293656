// How attention flows through ImageBERT.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>Words and then the cells of the picture's map in one sequence; every task is read at its first position.</summary>
internal static class ImageBertAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, int grid) =>
        flow.ReadFirst(
            AttentionSpace.OfTextAndPicture(pass.Batch.TokenIds.size(1), grid),
            pass.Attention("network.bert.encoder"),
            pass.Batch
        );
}
