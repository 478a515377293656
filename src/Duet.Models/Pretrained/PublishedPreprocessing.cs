// How published models prepare their pictures, from their own files.
using Duet.Vision;

namespace Duet.Models.Pretrained;

/// <summary>Recipes of published picture towers; all exact, as the weights learned with.</summary>
internal static class PublishedPreprocessing
{
    private const int PillowNearest = 0;
    private const int PillowBilinear = 2;
    private const int PillowBicubic = 3;
    private const int PillowBox = 4;

    /// <summary>torchvision's classifiers: 256 bilinear, centre 224 (or the same part of another size).</summary>
    internal static PicturePreprocessing ImageNet { get; } =
        new()
        {
            Mode = PreprocessingMode.Exact,
            Interpolation = Interpolation.Bilinear,
            CropFraction = 0.875,
            RgbFirst = true,
        };

    /// <summary>Hugging Face's ViT: squashed bilinearly.</summary>
    internal static PicturePreprocessing Vit { get; } =
        new()
        {
            Mode = PreprocessingMode.Exact,
            Resize = ResizeMode.Squash,
            Interpolation = Interpolation.Bilinear,
            RgbFirst = true,
        };

    /// <summary>open_clip's <c>preprocess_cfg</c> (transform.py, PreprocessCfg).</summary>
    /// <exception cref="PretrainedException">A setting is of another kind than those published.</exception>
    internal static PicturePreprocessing OpenClip(ConfigurationReader settings) =>
        new()
        {
            Mode = PreprocessingMode.Exact,
            Interpolation = settings.Text("interpolation", "bicubic") switch
            {
                "bilinear" => Interpolation.Bilinear,

                // A random choice is made in training only; evaluation is bicubic.
                "bicubic" or "random" => Interpolation.Bicubic,
                var other => throw settings.Error($"interpolation is {other}; Duet reads bicubic and bilinear."),
            },
            Resize = settings.Text("resize_mode", "shortest") switch
            {
                "shortest" => ResizeMode.Shortest,
                "longest" => ResizeMode.Longest,
                "squash" => ResizeMode.Squash,
                var other => throw settings.Error($"resize_mode is {other}; Duet reads shortest, longest and squash."),
            },
        };

    /// <summary>The same for open_clip's SigLIP, whose models squash their pictures unless their file says otherwise.</summary>
    /// <exception cref="PretrainedException">A setting is of another kind than those published.</exception>
    internal static PicturePreprocessing OpenClipSigLip(ConfigurationReader settings) =>
        settings.Has("resize_mode") ? OpenClip(settings) : OpenClip(settings) with { Resize = ResizeMode.Squash };

    /// <summary>Hugging Face's <c>preprocessor_config.json</c>: old files have one number for the size, newer ones an object.</summary>
    /// <param name="settings">The file.</param>
    /// <param name="otherwise">The model family's own recipe, for what the file leaves out.</param>
    /// <exception cref="PretrainedException">A setting is of another kind than those published.</exception>
    internal static PicturePreprocessing HuggingFace(ConfigurationReader settings, PicturePreprocessing otherwise)
    {
        var recipe = otherwise with { Mode = PreprocessingMode.Exact, RgbFirst = settings.Flag("do_convert_rgb", otherwise: true) };
        if (settings.Has("resample"))
        {
            recipe = recipe with { Interpolation = Filter(settings) };
        }

        if (!settings.Flag("do_resize", otherwise: true))
        {
            return recipe with { Resize = ResizeMode.None, CropFraction = 1 };
        }

        var (shortest, square) = Sizes(settings);
        var crop = settings.Flag("do_center_crop", otherwise: false) ? Crop(settings) : null;
        return (shortest, square, crop) switch
        {
            ({ } edge, _, { } side) when side <= edge => recipe with { Resize = ResizeMode.Shortest, CropFraction = side / (double)edge },
            ({ } edge, _, null) when settings.Has("crop_pct") && edge < 384 => recipe with
            {
                Resize = ResizeMode.Shortest,
                CropFraction = Math.Clamp(settings.Number("crop_pct", 1), 0.125, 1),
            },
            (_, { } edge, { } side) when side <= edge && recipe.Resize == ResizeMode.Shortest => recipe with
            {
                CropFraction = side / (double)edge,
            },
            (_, not null, null) => recipe with { Resize = ResizeMode.Squash, CropFraction = 1 },
            _ => recipe,
        };
    }

    // Pillow's numbers (PIL.Image.Resampling).
    private static Interpolation Filter(ConfigurationReader settings) =>
        settings.Integer("resample") switch
        {
            PillowNearest => Interpolation.Nearest,
            PillowBilinear => Interpolation.Bilinear,
            PillowBicubic => Interpolation.Bicubic,
            PillowBox => Interpolation.Box,
            var other => throw settings.Error($"resample is {other}; Duet reads 0 (nearest), 2 (bilinear), 3 (bicubic) and 4 (box)."),
        };

    // One number means the shorter side where the picture is cropped afterwards (CLIP, ConvNext), else a square (ViT).
    private static (int? Shortest, int? Square) Sizes(ConfigurationReader settings)
    {
        if (!settings.Has("size"))
        {
            return (null, null);
        }

        if (!settings.IsObject("size"))
        {
            var one = settings.Side("size");
            return settings.Flag("do_center_crop", otherwise: false) || settings.Has("crop_pct") ? (one, null) : (null, one);
        }

        var size = settings.Section("size");
        return size.Has("shortest_edge") ? (size.Integer("shortest_edge"), null)
            : size.Has("height") && size.Integer("height") == size.Integer("width") ? (null, size.Integer("height"))
            : throw settings.Error("size is neither one side, a shortest_edge, nor an equal height and width.");
    }

    private static int? Crop(ConfigurationReader settings) =>
        !settings.Has("crop_size") ? null
        : settings.IsObject("crop_size") ? settings.Section("crop_size").Integer("height")
        : settings.Side("crop_size");
}
