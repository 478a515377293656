// What every system's settings have in common.
using Duet.Text;

namespace Duet.Models;

/// <summary>The settings of a system. Each system derives its own record; every record is validated before a model is built.</summary>
public abstract record ModelOptions
{
    /// <summary>Side of the square pictures, in pixels.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>The most tokens of a text, start and end included.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>The kind of tokenizer this system takes: <c>clip-bpe</c>, <c>wordpiece</c>, <c>unigram</c>, T5's
    /// <c>t5-unigram</c>, <c>siglip</c> or <c>siglip2</c>.</summary>
    public virtual string Tokenizer { get; init; } = "clip-bpe";

    /// <summary>What is done with texts that have more tokens than <see cref="ContextLength"/>.</summary>
    public LongText LongText { get; init; } = LongText.Head;

    /// <summary>How pictures are brought to <see cref="ImageSize"/>.</summary>
    public PicturePreprocessing Preprocessing { get; init; } = new();

    /// <summary>Which inputs the model looks at.</summary>
    public InputModalities Modalities { get; init; } = InputModalities.Both;

    /// <summary>Means of the three colour channels, subtracted after scaling pixels to [0, 1]; CLIP's by default (openai/CLIP,
    /// clip/clip.py).</summary>
    public IReadOnlyList<double> PixelMean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Deviations of the three colour channels; CLIP's by default (openai/CLIP, clip/clip.py).</summary>
    public IReadOnlyList<double> PixelDeviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Whether the system reads the token before a text; T5's tokenizer, which puts none there, serves only where it does
    /// not.</summary>
    internal virtual bool NeedsStartToken() => true;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public virtual void Validate()
    {
        OptionException.Require("image_size", ImageSize, 8, 1024, "smaller pictures show nothing and larger ones do not fit memory");
        OptionException.Require(
            "context_length",
            ContextLength,
            4,
            8192,
            "a text needs room for start, end and two tokens, and attention grows with its square"
        );
        OptionException.Require(Enum.IsDefined(LongText), $"long_text {LongText} is unknown; there are head, head_tail and chunk.");
        Preprocessing.Validate(ImageSize);
        OptionException.Require(
            PixelMean.Count == 3 && PixelDeviation.Count == 3,
            "pixel_mean and pixel_deviation have three numbers each, for red, green and blue."
        );
        OptionException.Require(
            PixelDeviation.All(deviation => deviation > 0),
            "pixel_deviation must be above zero: pixels are divided by it."
        );
    }
}
