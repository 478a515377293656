// How attention flows through CoCa.
using Duet.Models.Attention;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Patches look at one another and are pooled; tokens look at tokens before them, and in the upper half at the pooled picture. Tasks are
/// read from the picture's embedding and the text's class token, from the decoder's state at the end of the text, or from both.
/// </summary>
internal static class CoCaAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, CoCaOptions options, int grid, Tensor mask)
    {
        var (products, length, device) = (mask.size(0), mask.size(1), mask.device);
        var (embedding, tokens) = Picture(pass, flow, options.Pooling, grid);
        var text = AttentionSpace.OfText(length, length + 1);
        flow.AddSelf(text, pass.Attention("text"));
        if (options.Features != CoCaFeatures.Decoder)
        {
            flow.Read(AttentionReadOut.At(embedding, products, 0, device));
            flow.Read(AttentionReadOut.At(text, products, length, device));
        }

        if (options.Features != CoCaFeatures.Pooled)
        {
            flow.Read(AttentionReadOut.At(Decoded(pass, flow, text, tokens), mask.to(ScalarType.Int64).sum(1).Minus(1)));
        }
    }

    // The sequence whose first position is the picture's embedding, and the sequence of the decoder's tokens.
    private static (AttentionSpace Embedding, AttentionSpace Tokens) Picture(
        RecordedPass pass,
        AttentionFlow flow,
        CoCaPooling pooling,
        int grid
    )
    {
        var patches = AttentionSpace.OfPicture(grid, start: 1);
        flow.AddSelf(patches, pass.Attention("visual.tower"));
        if (pass.Attention("visual.attn_pool") is not [var pool, ..])
        {
            return (patches, Rest(flow, patches));
        }

        var pooled = new AttentionSpace("pooled picture", pool.size(2));
        flow.Add(new AttentionStep(pooled, patches, pool) { Residual = false });
        if (pass.Attention("visual.attn_pool_contrastive") is not [var contrastive, ..])
        {
            return (pooled, Rest(flow, pooled));
        }

        var embedding = new AttentionSpace("picture embedding", 1);
        flow.Add(new AttentionStep(embedding, pooling == CoCaPooling.Cascade ? pooled : patches, contrastive) { Residual = false });
        return (embedding, pooled);
    }

    // All positions but the first, which is the embedding.
    private static AttentionSpace Rest(AttentionFlow flow, AttentionSpace all)
    {
        var rest = new AttentionSpace("picture tokens", all.Length - 1);
        flow.AddPart(rest, 0, all, columnStart: 1);
        return rest;
    }

    private static AttentionSpace Decoded(RecordedPass pass, AttentionFlow flow, AttentionSpace text, AttentionSpace tokens)
    {
        var decoded = AttentionSpace.OfText(text.TextCount);
        flow.AddPart(decoded, 0, text);
        var (self, cross) = (pass.Attention("text_decoder.resblocks"), pass.Attention("text_decoder.cross_attn"));
        for (var layer = 0; layer < self.Count; layer++)
        {
            flow.Add(new AttentionStep(decoded, decoded, self[layer]) { Layer = layer });
            flow.Add(new AttentionStep(decoded, tokens, cross[layer]) { Layer = layer });
        }

        return decoded;
    }
}
