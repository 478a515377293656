// What a system computed on the way, for explanations.
using Duet.Models.Attention;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Collects intermediate results of a forward pass where a caller asks for them.</summary>
public sealed class ModelTrace
{
    /// <summary>Blocks over the joint sequence of picture and text: hidden states and attention <c>[B, H, L, L]</c>.</summary>
    public TransformerTrace Fusion { get; } = new();

    /// <summary>Blocks of the picture's tower.</summary>
    public TransformerTrace Image { get; } = new();

    /// <summary>Blocks of the text's tower.</summary>
    public TransformerTrace Text { get; } = new();

    /// <summary>All attention between an answer and the input, with the meaning of its rows and columns. Empty for systems without
    /// attention.</summary>
    public AttentionFlow Flow { get; } = new();

    /// <summary>The joint sequence of picture and text and what its positions mean; null for systems that have none.</summary>
    public AttentionSpace? Joint { get; internal set; }

    /// <summary>Attention from text tokens to picture patches, averaged over heads: <c>[B, text tokens, patches]</c> per layer; nothing
    /// without a joint sequence.</summary>
    public IEnumerable<Tensor> TextToImage() =>
        Joint is not { } joint
            ? []
            : Fusion.Attention.Select(attention =>
                attention.narrow(2, joint.TextStart, joint.TextCount).narrow(3, joint.PatchStart, joint.PatchCount).mean([1])
            );

    /// <summary>Records a system of one stream: its blocks look from the joint sequence at itself, and the answer is read at the first
    /// position.</summary>
    internal void ReadFirst(AttentionSpace joint, Batch batch)
    {
        Joint = joint;
        Flow.AddSelf(joint, Fusion.Attention);
        Flow.Read(AttentionReadOut.At(joint, batch.Size, 0, batch.Pixels.device));
    }
}
