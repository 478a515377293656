// Shapes of networks read off the names and shapes of their tensors.
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained;

/// <summary>For state dictionaries that come without a configuration: OpenAI's CLIP (as clip/model.py, build_model does it) and
/// torchvision's ResNets.</summary>
internal sealed partial class StateShapes(ISafetensorsSource source)
{
    /// <summary>Published towers have 64 channels per head (clip/model.py).</summary>
    private const int ChannelsPerHead = 64;

    /// <summary>Whether the names are those of OpenAI's CLIP.</summary>
    internal static bool IsOpenAiClip(ISafetensorsSource source) =>
        source.TryGet("visual.conv1.weight", out _)
        && (source.TryGet("token_embedding.weight", out _) || source.TryGet("text.token_embedding.weight", out _));

    /// <summary>Whether the names are those of SigLIP in open_clip, whose picture tower is timm's; <c>model.</c> stands before them where
    /// transformers wraps it.</summary>
    internal static bool IsOpenClipSigLip(ISafetensorsSource source) =>
        source.TryGet("visual.trunk.attn_pool.latent", out _) || source.TryGet("model.visual.trunk.attn_pool.latent", out _);

    /// <summary>Whether the names are those of Hugging Face's SigLIP.</summary>
    internal static bool IsHuggingFaceSigLip(ISafetensorsSource source) => source.TryGet("vision_model.head.probe", out _);

    /// <summary>Whether the names are those of torchvision's residual networks.</summary>
    internal static bool IsTorchvisionResNet(ISafetensorsSource source) =>
        source.TryGet("conv1.weight", out _) && source.TryGet("layer1.0.conv1.weight", out _);

    /// <summary>Whether the names are those of torchvision's vision transformers.</summary>
    internal static bool IsTorchvisionVit(ISafetensorsSource source) =>
        source.TryGet("class_token", out _) && source.TryGet("conv_proj.weight", out _) && source.TryGet("encoder.pos_embedding", out _);

    /// <summary>CLIP's shape; what tensors do not show (heads) is taken from the constructor's arguments where there are some.</summary>
    /// <param name="arguments"><c>config.json</c> with the names of the constructor's arguments, or null.</param>
    internal PretrainedTowers OpenAiClip(ConfigurationReader? arguments)
    {
        var text = source.TryGet("text.token_embedding.weight", out _) ? "text." : string.Empty;
        var words = Shape($"{text}token_embedding.weight", 2);
        var options = new ClipOptions
        {
            ContextLength = (int)Shape($"{text}positional_embedding", 2)[0],
            JointWidth = (int)Shape($"{text}text_projection", 2)[1],
            Activation = Activation.QuickGelu,
            NormEpsilon = arguments?.Number("layer_norm_eps", 1e-5) ?? 1e-5,
            Text = new TextTransformerOptions
            {
                Width = (int)words[1],
                Layers = Count($"{text}transformer.resblocks."),
                Heads = arguments?.Integer("transformer_heads", Heads(words[1])) ?? Heads(words[1]),
            },
        };
        options = source.TryGet("visual.layer1.0.conv1.weight", out _)
            ? WithResNet(options, arguments)
            : WithVisionTransformer(options, arguments);
        try
        {
            return HuggingFaceConfiguration.OfClip(options, (int)words[0]);
        }
        catch (OptionException e)
        {
            throw new PretrainedException($"{source.Path}: its tensors make no CLIP: {e.Message}", e);
        }
    }

    /// <summary>The shape of torchvision's residual network.</summary>
    internal PretrainedTowers TorchvisionResNet()
    {
        var blocks = Enumerable.Range(1, 6).Select(stage => Count($"layer{stage}.")).TakeWhile(count => count > 0).ToArray();
        var options = new ResNetOptions
        {
            Bottleneck = source.TryGet("layer1.0.conv3.weight", out _),
            Blocks = blocks,
            Width = (int)Shape("conv1.weight", 4)[0],
        };
        if (options.Bottleneck)
        {
            // ResNeXt and wide networks show in the first 3x3 convolution, [inner, inner / groups, 3, 3].
            var inner = Shape("layer1.0.conv2.weight", 4);
            var groups = Math.Max(1, inner[0] / inner[1]);
            options = options with { Groups = (int)groups, GroupWidth = (int)(inner[0] * 64 / (options.Width * groups)) };
        }

        try
        {
            options.Validate();
            return HuggingFaceConfiguration.OfResNet(options);
        }
        catch (OptionException e)
        {
            throw new PretrainedException($"{source.Path}: its tensors make no residual network: {e.Message}", e);
        }
    }

    /// <summary>The shape of torchvision's vision transformer; heads, which tensors do not show, from its published sizes unless the
    /// arguments say.</summary>
    /// <param name="arguments"><c>config.json</c> with the names of the constructor's arguments, or null.</param>
    internal PretrainedTowers TorchvisionVit(ConfigurationReader? arguments)
    {
        var patches = Shape("conv_proj.weight", 4);
        var positions = Shape("encoder.pos_embedding", 3);
        var hidden = source.TryGet("encoder.layers.encoder_layer_0.mlp.linear_1.weight", out var named)
            ? named.Shape[0]
            : Shape("encoder.layers.encoder_layer_0.mlp.0.weight", 2)[0];
        var options = new VitOptions
        {
            ImageSize = Side(positions[1] - 1) * (int)patches[2],
            NormEpsilon = 1e-6,
            Image = new VisionTransformerOptions
            {
                PatchSize = (int)patches[2],
                Width = (int)patches[0],
                Layers = Count("encoder.layers.encoder_layer_"),
                Heads = arguments is { } given && given.Has("num_heads") ? given.Integer("num_heads") : PublishedHeads(patches[0]),
                MlpRatio = HuggingFaceConfiguration.Ratio((int)hidden, (int)patches[0]),
                PatchBias = true,
                NormBefore = false,
            },
        };
        try
        {
            options.Validate();
            return HuggingFaceConfiguration.OfTorchvisionVit(options);
        }
        catch (OptionException e)
        {
            throw new PretrainedException($"{source.Path}: its tensors make no vision transformer: {e.Message}", e);
        }
    }

    /// <summary>The first names a source holds, for messages about what it might be.</summary>
    internal static string Sample(ISafetensorsSource source) =>
        string.Join(", ", source.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal).Take(5));

    private static int Heads(long width) => (int)Math.Max(1, width / ChannelsPerHead);

    // vit_b has 12 heads, vit_l and vit_h 16 (models/vision_transformer.py).
    private int PublishedHeads(long width) =>
        width switch
        {
            768 => 12,
            1024 or 1280 => 16,
            _ => throw new PretrainedException(
                $"{source.Path}: a vision transformer of width {width} is not one of torchvision's published sizes, and tensors do "
                    + $"not show the number of heads. Put a config.json with num_heads next to it."
            ),
        };

    private static int Side(long cells) => (int)Math.Round(Math.Sqrt(cells));

    private ClipOptions WithVisionTransformer(ClipOptions options, ConfigurationReader? arguments)
    {
        var patches = Shape("visual.conv1.weight", 4);
        var hidden = source.TryGet("visual.transformer.resblocks.0.mlp.c_fc.weight", out var first) ? first.Shape[0] : 4 * patches[0];
        return options with
        {
            ImageSize = Side(Shape("visual.positional_embedding", 2)[0] - 1) * (int)patches[2],
            Image = new VisionTransformerOptions
            {
                PatchSize = (int)patches[2],
                Width = (int)patches[0],
                Layers = Count("visual.transformer.resblocks."),
                Heads = arguments?.Integer("vision_heads", Heads(patches[0])) ?? Heads(patches[0]),
                MlpRatio = HuggingFaceConfiguration.Ratio((int)hidden, (int)patches[0]),
            },
        };
    }

    private ClipOptions WithResNet(ClipOptions options, ConfigurationReader? arguments)
    {
        var width = Shape("visual.layer1.0.conv1.weight", 4)[0];
        return options with
        {
            Tower = ImageTower.ModifiedResNet,
            ImageSize = Side(Shape("visual.attnpool.positional_embedding", 2)[0] - 1) * 32,
            ResNet = new()
            {
                Layers = [.. Enumerable.Range(1, 4).Select(stage => Count($"visual.layer{stage}."))],
                Width = (int)width,
                Heads = arguments?.Integer("vision_heads", Heads(width * 32)) ?? Heads(width * 32),
            },
        };
    }

    private long[] Shape(string name, int rank)
    {
        if (!source.TryGet(name, out var entry))
        {
            throw new PretrainedException(
                $"{source.Path}: tensor '{name}' is missing; without a configuration the network's shape is read from it. First "
                    + $"tensors found: {Sample(source)}."
            );
        }

        return entry.Shape.Length == rank && entry.Shape.All(size => size is > 0 and < int.MaxValue)
            ? entry.Shape
            : throw new PretrainedException(
                $"{source.Path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}]; {rank} dimensions above zero were expected."
            );
    }

    /// <summary>How many of <c>prefix0., prefix1., ...</c> there are.</summary>
    private int Count(string prefix) =>
        source
            .Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => Number().Match(entry.Name, prefix.Length))
            .Where(number => number.Success && int.TryParse(number.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(number => int.Parse(number.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            .Distinct()
            .Count();

    [GeneratedRegex(@"\G[0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();
}
