// What a published model expects its pictures to have gone through.

namespace Duet.Vision;

/// <summary>A recipe from decoded picture to model input. Immutable; saved with the model.</summary>
public sealed record ImagePreprocessing
{
    /// <summary>Side of the square the model sees, in pixels; range 1 to 4096.</summary>
    public required int Size
    {
        get;
        init => field = Within(value, 1, 4096, nameof(Size));
    }

    /// <summary>The size <see cref="Resize"/> aims at before the crop; 0 (default) means <see cref="Size"/>. Range 0 to 8192.</summary>
    public int ResizeTo
    {
        get;
        init => field = Within(value, 0, 8192, nameof(ResizeTo));
    }

    /// <summary>How the shape is treated. Default <see cref="ResizeMode.Shortest"/>.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Shortest;

    /// <summary>The filter. Default <see cref="Interpolation.Bicubic"/>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bicubic;

    /// <summary>Whether the picture becomes RGB before (true) or after (false, default) it is resized. OpenAI and open_clip do it
    /// after, so that palettes, inks and alpha take part in the resize.</summary>
    public bool RgbFirst { get; init; }

    /// <summary>What padding is made of, per sample and in the picture's own kind of pixels; 0 (default) to 255.</summary>
    public int Fill
    {
        get;
        init => field = Within(value, 0, 255, nameof(Fill));
    }

    /// <summary>Mean of red, green and blue in units of 0..1, subtracted.</summary>
    public ChannelValues Mean { get; init; } = ClipMean;

    /// <summary>Deviation of red, green and blue in units of 0..1, divided by; above 0.</summary>
    public ChannelValues Deviation
    {
        get;
        init =>
            field = value is { R: > 0, G: > 0, B: > 0 }
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "Deviations are divided by and must be above 0.");
    } = ClipDeviation;

    /// <summary>The <see cref="DecodeOptions.MinimumSide"/> that loses nothing this recipe needs, for the fast way; 0 where the
    /// picture is not resized.</summary>
    public int DecodeSide => Resize == ResizeMode.None ? 0 : Math.Max(ResizeTo, Size);

    /// <summary>The means of CLIP's training pictures (openai/CLIP, clip.py).</summary>
    public static ChannelValues ClipMean { get; } = new(0.48145466f, 0.4578275f, 0.40821073f);

    /// <summary>The deviations of CLIP's training pictures (openai/CLIP, clip.py).</summary>
    public static ChannelValues ClipDeviation { get; } = new(0.26862954f, 0.26130258f, 0.27577711f);

    /// <summary>OpenAI's CLIP: shorter side bicubic, centre, RGB last (clip.py, <c>_transform</c>).</summary>
    /// <param name="size">Side of the model's input, 224 for most.</param>
    public static ImagePreprocessing Clip(int size = 224) => new() { Size = size };

    /// <summary>open_clip's evaluation recipes (transform.py, <c>image_transform</c>).</summary>
    /// <param name="size">Side of the model's input.</param>
    /// <param name="resize">Shortest, longest or squash.</param>
    /// <param name="interpolation">Bicubic or bilinear.</param>
    /// <param name="mean">Null for CLIP's; squash models (SigLIP) use 0.5.</param>
    /// <param name="deviation">Null for CLIP's; squash models (SigLIP) use 0.5.</param>
    public static ImagePreprocessing OpenClip(
        int size,
        ResizeMode resize,
        Interpolation interpolation,
        ChannelValues? mean = null,
        ChannelValues? deviation = null
    ) =>
        new()
        {
            Size = size,
            Resize = resize,
            Interpolation = interpolation,
            Mean = mean ?? ClipMean,
            Deviation = deviation ?? ClipDeviation,
        };

    /// <summary>Hugging Face ViT: RGB first, squashed bilinearly, scaled to -1..1 (ViTFeatureExtractor).</summary>
    /// <param name="size">Side of the model's input.</param>
    public static ImagePreprocessing HuggingFaceVit(int size = 224) =>
        new()
        {
            Size = size,
            Resize = ResizeMode.Squash,
            Interpolation = Interpolation.Bilinear,
            RgbFirst = true,
            Mean = ChannelValues.All(0.5f),
            Deviation = ChannelValues.All(0.5f),
        };

    /// <summary>Hugging Face SigLIP: RGB first, squashed, scaled to -1..1 (SiglipImageProcessor).</summary>
    /// <param name="size">Side of the model's input.</param>
    /// <param name="interpolation">Bicubic for SigLIP, bilinear for SigLIP 2.</param>
    public static ImagePreprocessing SigLip(int size = 224, Interpolation interpolation = Interpolation.Bicubic) =>
        HuggingFaceVit(size) with
        {
            Interpolation = interpolation,
        };

    /// <summary>MMBT: shorter side 256 bilinear, centre 224, its own mean and deviation (mmbt/data/helpers.py).</summary>
    /// <param name="resizeTo">Shorter side before the crop.</param>
    /// <param name="size">Side of the model's input.</param>
    public static ImagePreprocessing Mmbt(int resizeTo = 256, int size = 224) =>
        ImageNet(resizeTo, size) with
        {
            Mean = new(0.46777044f, 0.44531429f, 0.40661017f),
            Deviation = new(0.12221994f, 0.12145835f, 0.14380469f),
        };

    /// <summary>ImageNet classifiers (torchvision): shorter side bilinear, centre crop, ImageNet mean and deviation.</summary>
    /// <param name="resizeTo">Shorter side before the crop.</param>
    /// <param name="size">Side of the model's input.</param>
    public static ImagePreprocessing ImageNet(int resizeTo = 256, int size = 224) =>
        new()
        {
            Size = size,
            ResizeTo = resizeTo,
            Interpolation = Interpolation.Bilinear,
            RgbFirst = true,
            Mean = new(0.485f, 0.456f, 0.406f),
            Deviation = new(0.229f, 0.224f, 0.225f),
        };

    private static int Within(int value, int low, int high, string name) =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {low} and {high}.");
}

/// <summary>How a picture is brought to the size that is then cropped or padded to a square.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side gets the size, the longer one follows (cut off below the decimal point); then the centre is
    /// cropped. Something at the edges is lost.</summary>
    Shortest,

    /// <summary>The longer side gets the size, the shorter one follows (rounded); then the rest is padded. Nothing is lost.</summary>
    Longest,

    /// <summary>Both sides get the size; shapes are distorted.</summary>
    Squash,

    /// <summary>Not resized, only cropped or padded.</summary>
    None,
}

/// <summary>How a picture is resampled. All but <see cref="Nearest"/> widen their filter when shrinking, so that nothing is
/// skipped (anti-aliasing).</summary>
public enum Interpolation
{
    /// <summary>The pixel under the centre.</summary>
    Nearest,

    /// <summary>The plain mean under the output pixel.</summary>
    Box,

    /// <summary>A triangle, support 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
}
