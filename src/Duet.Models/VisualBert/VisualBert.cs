// VisualBERT: words and image regions through one BERT (arXiv 1908.03557).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// VisualBERT (Li et al., "VisualBERT: A Simple and Performant Baseline for Vision and Language", arXiv 1908.03557). The regions are the
/// cells of a residual network's map, trained together with the rest; words and regions go through one BERT; the pooled [CLS] goes into a
/// classifier per task. Pre-training is the paper's: masked words with the picture in view, and whether picture and text belong together.
/// A missing picture or text is hidden from attention.
/// </summary>
public sealed class VisualBert : ProductModel
{
    private readonly VisualBertOptions _options;
    private readonly ResNet _image;
    private readonly VisualBertNetwork _network;
    private readonly MaskedLanguageHead _words;
    private readonly Linear _match;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public VisualBert(VisualBertOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var shape = options.Text.Of(context.VocabularySize, context.PaddingId);
        _image = Add("image", new ResNet(options.Image));
        _network = Add("network", new VisualBertNetwork(shape, options.Image.OutputChannels));
        _words = Add("words", new MaskedLanguageHead(shape));
        _match = Add("match", new Linear(shape.Width, 2));
        _heads = Add("heads", new TaskHeads(context, shape.Width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>VisualBERT in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "visualbert",
            "VisualBERT",
            "arXiv 1908.03557; uclanlp/visualbert",
            new Dictionary<string, VisualBertOptions>(StringComparer.Ordinal)
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
                },
                ["base"] = new() { ContextLength = 128 },
            },
            (options, context) => new VisualBert(options, context)
        ) with
        {
            Towers = OneStreamTowers.Of<VisualBertOptions>("image.", new TowerSlot(TowerKind.VisualBertStage, "network.")),
        };

    /// <inheritdoc/>
    public override bool CanPretrain => Context.MaskId >= 0;

    /// <inheritdoc/>
    public override int LayerCount => _options.Text.Layers + 1;

    /// <summary>Masked words where picture and text belong together, and whether they do, on the rows that have both.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var pairs = batch.Select(batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1));
        if (pairs.Size == 0)
        {
            return PretrainingLosses.Nothing(this);
        }

        var text = TextInput.Of(pairs, Context);
        var matching = MatchingPairs.Draw(pairs.Size, pairs.Pixels.device);
        var masking = TokenMasking.Draw(text.Tokens, text.Content, Context);
        var regions = PictureFeatures.Regions(_image.Forward(pairs.Pixels)).index_select(0, matching.Partner);
        var output = Read(masking.Tokens, text.Visible, regions, pairs.ImagePresent);
        var words = output.Hidden.narrow(1, 0, text.Tokens.size(1));
        return matching
            .Loss(_match.Forward(output.Pooled))
            .Plus(masking.Loss(words, text.Tokens, states => _words.Forward(states, _network.Bert.Embeddings.WordTable), matching.Matches));
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "network.bert.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "network.bert.", "image.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_network.Bert.Embeddings.WordVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var text = TextInput.Of(batch, Context);
        var regions = PictureFeatures.Regions(PictureFeatures.Map(_image, batch.Pixels, batch.ImagePresent));
        var pooled = Read(text.Tokens, text.Visible, regions, batch.ImagePresent).Pooled.to(ScalarType.Float32);
        return new ModelOutput(_heads.Forward(pooled)) { JointEmbedding = pooled };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        VisualBertAttention.Describe(pass, flow, _options.Image.MapSide(_options.ImageSize));

    private BertOutput Read(Tensor tokens, Tensor visible, Tensor regions, Tensor imagePresent) =>
        _network.Encode(_network.Embed(tokens, segments: null, regions), visible, imagePresent.unsqueeze(1).expand(-1, regions.size(1)));
}
