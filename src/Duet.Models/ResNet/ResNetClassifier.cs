// A residual network alone: the picture baseline (arXiv 1512.03385).
using Duet.Models.Encoders;
using Duet.Models.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// A residual network (He et al., "Deep Residual Learning for Image Recognition", arXiv 1512.03385): the mean of the last map goes into a
/// classifier per task. It never sees the text; a missing picture is a learned vector in front of the classifiers.
/// </summary>
public sealed class ResNetClassifier : ProductModel
{
    private readonly ResNet _image;
    private readonly MissingModality _missing;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public ResNetClassifier(ResNetClassifierOptions options, ModelContext context)
        : base(options, context)
    {
        _image = Add("image", new ResNet(options.Image));
        var width = options.Image.OutputChannels;
        _missing = Add("missing_image", new MissingModality(width));
        _heads = Add("heads", new TaskHeads(context, width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>The network in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "resnet",
            "ResNet",
            "arXiv 1512.03385; torchvision",
            new Dictionary<string, ResNetClassifierOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 48,
                    ContextLength = 24,
                    Image = ResNetOptions.Tiny,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    Image = ResNetOptions.Small,
                },
                ["18"] = new() { Image = ResNetOptions.ResNet18 },
                ["34"] = new() { Image = ResNetOptions.ResNet34 },
                ["50"] = new(),
                ["101"] = new() { Image = ResNetOptions.ResNet101 },
                ["152"] = new() { Image = ResNetOptions.ResNet152 },
            },
            (options, context) => new ResNetClassifier(options, context)
        ) with
        {
            Towers = ResNetClassifierTowers.All,
        };

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "image.");

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var map = PictureFeatures.Map(_image, batch.Pixels, batch.ImagePresent);
        var pooled = _missing.Fill(map.flatten(2, 3).mean([2]), batch.ImagePresent);
        return new ModelOutput(_heads.Forward(pooled)) { ImageEmbedding = pooled, JointEmbedding = pooled };
    }
}
