// The shape of a multimodal bitransformer.
using Duet.Models.Encoders;

namespace Duet.Models.Fusion;

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

    /// <summary>Checks every value.</summary>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public BitransformerOptions Validated()
    {
        Bert.Validated();
        Image.Validated();
        GridPooling.Shape(ImageTokens);
        if (Bert.SegmentCount < 2)
        {
            throw new ArgumentException("MMBT needs two segments at least: one for the picture, one for the text.");
        }

        if (ClassToken < 0 || ClassToken >= Bert.VocabularySize || SeparatorToken < 0 || SeparatorToken >= Bert.VocabularySize)
        {
            throw new ArgumentException(
                $"MMBT's [CLS] ({ClassToken}) and [SEP] ({SeparatorToken}) must be ids of the vocabulary of {Bert.VocabularySize} tokens.");
        }

        return this;
    }
}
