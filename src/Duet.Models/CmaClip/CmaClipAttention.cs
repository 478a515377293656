// How attention flows through CMA-CLIP.
using Duet.Models.Attention;
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>
/// Patches look at one another and tokens at one another; then both are one sequence, pictures first, in which all look at all. Each task
/// reads each modality as its aggregator does, as much as the modality weighs.
/// </summary>
/// <param name="Grid">Patches along a side of the picture.</param>
/// <param name="Image">The layout of the picture's part.</param>
/// <param name="Text">The layout of the text's part.</param>
/// <param name="Joined">Whether there is a joint sequence.</param>
internal sealed record CmaClipAttention(int Grid, SequenceLayout Image, SequenceLayout Text, bool Joined)
{
    /// <summary>Describes a forward pass.</summary>
    internal void Describe(ForwardPass pass, AttentionFlow flow, Aggregator imageAggregator, Aggregator textAggregator)
    {
        var image = AttentionSpace.OfPicture(Grid, Image.FirstPart);
        var text = AttentionSpace.OfText(Text.Length);
        flow.AddSelf(image, pass.Attention("visual"));
        flow.AddSelf(text, pass.Attention("text"));
        var (imageSpace, textSpace, textStart) = (image, text, 0);
        if (Joined)
        {
            var joint = Joint(pass, flow, image, text);
            (imageSpace, textSpace, textStart) = (joint, joint, image.Length);
        }

        for (var task = 0; task < pass.Output.Logits.Count; task++)
        {
            var share = pass.Output.ModalityShares![task];
            var imageRead = AttentionReadOut.Mean(imageSpace, 0, imageAggregator.Weights(Image, pass, task), task);
            var textRead = AttentionReadOut.Mean(textSpace, textStart, textAggregator.Weights(Text, pass, task), task);
            flow.Read(imageRead with { Weights = imageRead.Weights * share.narrow(1, 0, 1) });
            flow.Read(textRead with { Weights = textRead.Weights * share.narrow(1, 1, 1) });
        }
    }

    private AttentionSpace Joint(ForwardPass pass, AttentionFlow flow, AttentionSpace image, AttentionSpace text)
    {
        var joint = new AttentionSpace("joint", image.Length + text.Length)
        {
            PatchStart = image.PatchStart,
            PatchRows = Grid,
            PatchColumns = Grid,
            TextStart = image.Length,
            TextCount = text.Length,
        };
        flow.AddPart(joint, 0, image);
        flow.AddPart(joint, image.Length, text);
        flow.AddSelf(joint, pass.Attention("fusion"));
        return joint;
    }
}
