// How attention flows through BERT.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>The text's tokens look at one another; every task is read at the first of them.</summary>
internal static class BertAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow) =>
        flow.ReadFirst(AttentionSpace.OfText(pass.Batch.TokenIds.size(1)), pass.Attention("bert.encoder"), pass.Batch);
}
