// How attention flows through MMBT.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary><c>[CLS] image tokens [SEP] text</c> without the text's own start token; every task is read at [CLS].</summary>
internal static class MmbtAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, int imageTokens)
    {
        var (rows, columns) = GridPooling.Shape(imageTokens);
        var (picture, text) = (imageTokens + 2, (int)pass.Batch.TokenIds.size(1) - 1);
        var joint = new AttentionSpace("joint", picture + text)
        {
            PatchStart = 1,
            PatchRows = rows,
            PatchColumns = columns,
            TextStart = picture,
            TextCount = text,
            FirstToken = 1,
        };
        flow.ReadFirst(joint, pass.Attention("network.bert.encoder"), pass.Batch);
    }
}
