// ViT: the picture-only baseline (arXiv 2010.11929).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The Vision Transformer (Dosovitskiy et al., "An Image is Worth 16x16 Words", arXiv 2010.11929) with one classifier per task: what the
/// picture alone can say. Texts are never looked at; a missing picture is replaced by a learned vector, so such a row gets what training
/// found most likely without a picture.
/// </summary>
public sealed class Vit : ProductModel
{
    private readonly VitOptions _options;
    private readonly Linear? _pooler;
    private readonly MissingModality _missing;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Vit(VitOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        Encoder = Add("visual", new VisionTransformer(options.Image, options.ImageSize, null, options.Blocks));
        _pooler = options.Pooling == VitPooling.Pooler ? Add("pooler", new Linear(options.Image.Width, options.Image.Width)) : null;
        _missing = Add("missing_image", new MissingModality(options.Image.Width));
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _heads.Append(new TaskHead(options.Image.Width, options.HeadWidth, task.Classes.Count, options.HeadDropout));
        }
    }

    /// <summary>ViT in the registry, with its presets (sizes as in table 1 of the paper).</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "vit",
            "ViT",
            "arXiv 2010.11929",
            new Dictionary<string, VitOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 48,
                    Image = new()
                    {
                        PatchSize = 8,
                        Width = 64,
                        Layers = 2,
                        Heads = 2,
                        Stem = PatchStem.Convolutional,
                        NormBefore = false,
                    },
                    Dropout = 0.1,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    Image = VisionTransformerOptions.Small with { NormBefore = false },
                    HeadDropout = 0.4,
                    Dropout = 0.15,
                },
                ["b32"] = Published(32, 768, 12, 12),
                ["b16"] = Published(16, 768, 12, 12),
                ["l32"] = Published(32, 1024, 24, 16),
                ["l16"] = Published(16, 1024, 24, 16),
                ["h14"] = Published(14, 1280, 32, 16),
            },
            (options, context) => new Vit(options, context)
        ) with
        {
            Towers = VitTowers.All,
        };

    /// <summary>The transformer over patches.</summary>
    public VisionTransformer Encoder { get; }

    /// <inheritdoc/>
    public override int LayerCount => _options.Image.Layers + 1;

    /// <summary>One vector per picture from the last norm's result: <c>[B, 1 + P, D] -> [B, D]</c>.</summary>
    public Tensor Pool(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return _options.Pooling switch
        {
            VitPooling.Mean => tokens.narrow(1, 1, tokens.size(1) - 1).mean([1]),
            VitPooling.Pooler => _pooler!.Forward(tokens.select(1, 0)).tanh(),
            _ => tokens.select(1, 0),
        };
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "visual.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.");

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var image = _missing.Fill(Pool(PictureFeatures.Tokens(Encoder, batch.Pixels, batch.ImagePresent)), batch.ImagePresent);
        return new ModelOutput([.. _heads.Select(head => head.Forward(image))]) { ImageEmbedding = image, JointEmbedding = image };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        VitAttention.Describe(pass, flow, Encoder.GridSize, _options.Pooling);

    private static VitOptions Published(int patch, int width, int layers, int heads) =>
        new()
        {
            Image = new()
            {
                PatchSize = patch,
                Width = width,
                Layers = layers,
                Heads = heads,
                PatchBias = true,
                NormBefore = false,
            },
        };
}
