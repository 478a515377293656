// MMBT: pooled image tokens and text through one BERT (arXiv 1909.02950).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The multimodal bitransformer (Kiela et al., "Supervised Multimodal Bitransformers for Classifying Images and Text", arXiv 1909.02950).
/// A residual network's map is pooled into N tokens and projected; <c>[CLS] image [SEP] text</c> goes through BERT; the pooled [CLS] goes
/// into a classifier per task. As in the published code the text has neither [CLS] nor a last [SEP].
/// A missing text is hidden from attention; a missing picture is hidden, or grey as published: <see cref="MmbtOptions.MissingPicture"/>.
/// </summary>
public sealed class Mmbt : ProductModel
{
    private const double GreyLevel = 128.0 / 255;
    private readonly MmbtOptions _options;
    private readonly MultimodalBitransformer _network;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Mmbt(MmbtOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var shape = options.Text.Of(context.VocabularySize, context.PaddingId);
        _network = Add(
            "network",
            new MultimodalBitransformer(
                new BitransformerOptions(shape, options.Image)
                {
                    ImageTokens = options.ImageTokens,
                    MaximumPooling = options.MaximumPooling,
                    ClassToken = context.StartId,
                    SeparatorToken = context.EndId,
                }
            )
        );
        _heads = Add("heads", new TaskHeads(context, shape.Width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>MMBT in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "mmbt",
            "MMBT",
            "arXiv 1909.02950; facebookresearch/mmbt",
            new Dictionary<string, MmbtOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 48,
                    ContextLength = 24,
                    HeadWidth = 64,
                    HeadDropout = 0,
                    Text = BertTowerOptions.Tiny,
                    Image = ResNetOptions.Tiny,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    Text = BertTowerOptions.Small,
                    Image = ResNetOptions.Small,
                    ImageTokens = 9,
                },
                ["base"] = new()
                {
                    ContextLength = 508,
                    FreezeImageEpochs = 3,
                    FreezeTextEpochs = 5,
                },
            },
            (options, context) => new Mmbt(options, context)
        ) with
        {
            Towers = OneStreamTowers.Of<MmbtOptions>("network.image."),
        };

    /// <inheritdoc/>
    public override int LayerCount => _options.Text.Layers + 1;

    /// <inheritdoc/>
    public override int LayerOf(string parameter) =>
        TowerLayers.IsIn(parameter, "network.image.") ? LayerCount : TowerLayers.LayerOf(parameter, LayerCount, "network.bert.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "network.bert.", "network.image.");

    /// <summary>The published freezing schedule.</summary>
    public override void BeginEpoch(int epoch) => _network.Freeze(epoch, _options.FreezeImageEpochs, _options.FreezeTextEpochs);

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_network.Bert.Embeddings.WordVectors, FirstToken: 1);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        // [CLS] and [SEP] belong to the picture's part.
        var text = TextInput.Of(batch, Context);
        var length = text.Tokens.size(1) - 1;
        var tokens = text.Tokens.narrow(1, 1, length);
        var visible = text.Content.narrow(1, 1, length);

        var grey = _options.MissingPicture == MissingPicture.Grey;
        var map = grey ? _network.Image.Forward(WithGrey(batch)) : PictureFeatures.Map(_network.Image, batch.Pixels, batch.ImagePresent);
        var output = _network.Encode(tokens, visible, segments: null, map, grey ? null : batch.ImagePresent);
        var pooled = output.Pooled.to(ScalarType.Float32);
        return new ModelOutput(_heads.Forward(pooled)) { JointEmbedding = pooled };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) => MmbtAttention.Describe(pass, flow, _options.ImageTokens);

    private Tensor WithGrey(Batch batch)
    {
        var grey = _options.PixelMean.Zip(_options.PixelDeviation, (mean, deviation) => (float)((GreyLevel - mean) / deviation)).ToArray();
        return batch.Pixels.where(batch.ImagePresent.reshape(-1, 1, 1, 1), Tensors.From(grey, 1, 3, 1, 1).to(batch.Pixels.device));
    }
}
