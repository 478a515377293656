// timm's table of SigLIP's picture towers.
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;

namespace Duet.Models;

/// <summary>What timm (vision_transformer.py) builds for a name such as <c>vit_base_patch16_siglip_224</c>; open_clip's configurations hold
/// the name, and <c>timm_model_kwargs</c> where sizes differ from it.</summary>
internal static partial class TimmSigLip
{
    private const double ShapeOptimizedMlp = 3.7362;
    private static readonly string[] Arguments = ["img_size", "patch_size", "embed_dim", "depth", "num_heads", "mlp_ratio"];

    private static readonly Dictionary<string, (int Width, int Layers, int Heads, double MlpRatio)> Sizes = new(StringComparer.Ordinal)
    {
        ["base"] = (768, 12, 12, 4),
        ["large"] = (1024, 24, 16, 4),
        ["so400m"] = (1152, 27, 16, ShapeOptimizedMlp),
        ["giantopt"] = (1536, 40, 16, 4),
    };

    /// <summary>The tower of a name.</summary>
    /// <param name="vision">open_clip's <c>vision_cfg</c>.</param>
    /// <param name="name">timm's name of the tower.</param>
    /// <exception cref="PretrainedException">The name is none of timm's SigLIP towers, or an argument is not read.</exception>
    internal static (VisionTransformerOptions Tower, int ImageSize, Activation Activation) Read(ConfigurationReader vision, string name)
    {
        var match = Name().Match(name);
        if (!match.Success)
        {
            throw vision.Error(
                $"timm_model_name is {name}; of timm's picture towers Duet reads SigLIP's with attention pooling: "
                    + $"vit_{{{string.Join(",", Sizes.Keys)}}}_patch{{14,16,32}}_siglip_{{224,...,512}}."
            );
        }

        var arguments = vision.Section("timm_model_kwargs");
        if (arguments.Names.FirstOrDefault(found => !Arguments.Contains(found, StringComparer.Ordinal)) is { } other)
        {
            throw arguments.Error($"{other} is not supported; Duet reads {string.Join(", ", Arguments)}.");
        }

        var size = match.Groups["size"].Value;
        var (patch, side) = (Number(match, "patch"), Number(match, "side"));
        var (width, layers, heads, ratio) = Sizes[size];
        var tower = new VisionTransformerOptions
        {
            PatchSize = arguments.Side("patch_size", patch),
            Width = arguments.Integer("embed_dim", width),
            Layers = arguments.Integer("depth", layers),
            Heads = arguments.Integer("num_heads", heads),
            MlpRatio = arguments.Number("mlp_ratio", ratio),
            PatchBias = true,
            NormBefore = false,
        };
        var imageSize = arguments.Has("img_size") ? arguments.Side("img_size") : vision.Side("image_size", side);
        return (tower, imageSize, IsTanh(size, patch, side) ? Activation.GeluTanh : Activation.Gelu);
    }

    // The models that came with SigLIP 2 have the tanh form; those that existed before kept the exact one.
    private static bool IsTanh(string size, int patch, int side) =>
        size switch
        {
            "base" => patch == 32,
            "large" => side == 512,
            "so400m" => patch == 16,
            _ => true,
        };

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^vit_(?<size>base|large|so400m|giantopt)_patch(?<patch>[0-9]{2})_siglip_(?<side>[0-9]{3})(\.[a-z0-9_]+)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Name();
}
