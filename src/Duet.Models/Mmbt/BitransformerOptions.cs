// The shape of a multimodal bitransformer.
using Duet.Models.Encoders;
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>The shape of a multimodal bitransformer (MMBT; Kiela et al., arXiv 1909.02950).</summary>
/// <param name="Bert">The text encoder, which becomes the joint one. Two or three segments: one for the picture, one per sentence.</param>
/// <param name="Image">The image tower.</param>
public sealed record BitransformerOptions(BertOptions Bert, ResNetOptions Image)
{
    /// <summary>Image tokens N, 1 to 9; the published Food-101 command uses 3.</summary>
    public int ImageTokens { get; init; } = 3;

    /// <summary>Whether cells of the map are pooled by their maximum instead of their mean.</summary>
    public bool MaximumPooling { get; init; }

    /// <summary>Id of <c>[CLS]</c> in the vocabulary.</summary>
    public int ClassToken { get; init; } = 101;

    /// <summary>Id of <c>[SEP]</c> in the vocabulary.</summary>
    public int SeparatorToken { get; init; } = 102;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        Bert.Validate();
        Image.Validate();
        OptionException.Require("image_tokens", ImageTokens, 1, 9, "MMBT defines its cells for these numbers");
        OptionException.Require(
            "bert.segment_count",
            Bert.SegmentCount,
            2,
            65_536,
            "MMBT has one segment for the picture and one for each sentence"
        );
        OptionException.Require(
            ClassToken >= 0 && ClassToken < Bert.VocabularySize && SeparatorToken >= 0 && SeparatorToken < Bert.VocabularySize,
            $"MMBT's [CLS] ({ClassToken}) and [SEP] ({SeparatorToken}) must be ids of the vocabulary of {Bert.VocabularySize} tokens."
        );
    }
}
