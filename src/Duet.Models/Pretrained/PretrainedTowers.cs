// The shapes of a source's towers.
using Duet.Models.Encoders;
using Duet.Text;

namespace Duet.Models.Pretrained;

/// <summary>What a source holds, as options of Duet's encoders.</summary>
/// <param name="Kinds">The towers it may hold.</param>
public sealed record PretrainedTowers(params IReadOnlyList<TowerKind> Kinds)
{
    /// <summary>CLIP's two towers with picture size, context length and pixel constants; null where it is no CLIP.</summary>
    public ClipOptions? Clip { get; init; }

    /// <summary>SigLIP's two towers with picture size, context length and pixel constants; null where it is no SigLIP.</summary>
    public SigLipOptions? SigLip { get; init; }

    /// <summary>CoCa with picture size, context length and pixel constants; null where it is no CoCa.</summary>
    public CoCaOptions? CoCa { get; init; }

    /// <summary>ViT with picture size and pixel constants; null where it is no ViT.</summary>
    public VitOptions? Vit { get; init; }

    /// <summary>The BERT encoder; null where there is none.</summary>
    public BertOptions? Bert { get; init; }

    /// <summary>The T5 encoder; null where there is none.</summary>
    public T5Options? T5 { get; init; }

    /// <summary>The residual network; null where there is none.</summary>
    public ResNetOptions? ResNet { get; init; }

    /// <summary>The kind of tokenizer the text tower was trained with; null where there is no text tower.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The text cleaning SigLIP's weights were trained with; null where it is no SigLIP, or a run whose tokenizer knows
    /// it.</summary>
    public SigLipCleaning? Cleaning { get; init; }

    /// <summary>Token ids by the configuration or the embedding table; null where there is no text tower.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Rows at the start of a BERT position table that are not positions: RoBERTa counts from its padding id + 1.</summary>
    public int PositionOffset { get; init; }

    /// <summary>Side of the pictures it was trained with; null where it has no picture tower or the files do not say.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How its pictures were prepared; null where it has no picture tower.</summary>
    public PicturePreprocessing? Preprocessing { get; init; }

    /// <summary>Means of the colour channels; null where the files do not say.</summary>
    public IReadOnlyList<double>? PixelMean { get; init; }

    /// <summary>Deviations of the colour channels; null where the files do not say.</summary>
    public IReadOnlyList<double>? PixelDeviation { get; init; }
}
