// What a system computed on the way, for explanations.
using Duet.Models.Attention;
using Duet.Torch;
using Duet.Torch.Modules;

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

    /// <summary>All attention between an answer and the input, with what its rows and columns stand for. Empty for systems without attention.</summary>
    public AttentionFlow Flow { get; } = new();

    /// <summary>Where the picture's patches stand in the joint sequence: first position and count. Set by systems that have such a sequence.</summary>
    public (int Start, int Count) ImagePatches { get; set; }

    /// <summary>Where the text's tokens stand in the joint sequence: first position and count.</summary>
    public (int Start, int Count) TextTokens { get; set; }

    /// <summary>Attention from text tokens to picture patches, meaned over heads: <c>[B, text tokens, patches]</c> per layer.</summary>
    public IEnumerable<Tensor> TextToImage() => Fusion.Attention.Select(attention => attention
        .Narrow(2, TextTokens.Start, TextTokens.Count)
        .Narrow(3, ImagePatches.Start, ImagePatches.Count)
        .Mean(1));
}
