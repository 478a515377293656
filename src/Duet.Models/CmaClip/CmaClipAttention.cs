// How attention flows through CMA-CLIP.
using Duet.Models.Attention;
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>
/// Patches look at one another and tokens at one another, in their towers; then both are one sequence, the picture first, in which all look
/// at all. Each task reads each modality as its aggregator does, as much as the modality weighs.
/// </summary>
internal static class CmaClipAttention
{
    /// <summary>Describes a forward pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="flow">Receives the steps and read-outs.</param>
    /// <param name="image">The picture tower, and how tasks read its part.</param>
    /// <param name="text">The text tower, and how tasks read its part.</param>
    /// <param name="joined">Whether there is a joint sequence.</param>
    internal static void Describe(
        RecordedPass pass,
        AttentionFlow flow,
        (PictureTower Tower, Aggregator Aggregator) image,
        (TextTower Tower, Aggregator Aggregator) text,
        bool joined
    )
    {
        var imageSpace = image.Tower.Describe(pass, flow, "visual");
        var textSpace = text.Tower.Describe(pass, flow, "text");
        var textStart = joined ? imageSpace.Length : 0;
        if (joined)
        {
            imageSpace = textSpace = Joint(pass, flow, imageSpace, textSpace);
        }

        for (var task = 0; task < pass.Output.Logits.Count; task++)
        {
            var share = pass.Output.ModalityShares![task];
            var imageWeights = image.Aggregator.Weights(image.Tower.Layout(pass.Batch), pass, task);
            var textWeights = text.Aggregator.Weights(text.Tower.Layout(pass.Batch), pass, task);
            var imageRead = AttentionReadOut.Mean(imageSpace, 0, imageWeights, task);
            var textRead = AttentionReadOut.Mean(textSpace, textStart, textWeights, task);
            flow.Read(imageRead with { Weights = imageRead.Weights * share.narrow(1, 0, 1) });
            flow.Read(textRead with { Weights = textRead.Weights * share.narrow(1, 1, 1) });
        }
    }

    private static AttentionSpace Joint(RecordedPass pass, AttentionFlow flow, AttentionSpace image, AttentionSpace text)
    {
        var joint = new AttentionSpace("joint", image.Length + text.Length)
        {
            PatchStart = image.PatchStart,
            PatchRows = image.PatchRows,
            PatchColumns = image.PatchColumns,
            TextStart = image.Length,
            TextCount = text.Length,
        };
        flow.AddPart(joint, 0, image);
        flow.AddPart(joint, image.Length, text);
        flow.AddSelf(joint, pass.Attention("fusion"));
        return joint;
    }
}
