// ImageBERT: words and placed image regions through one BERT, pre-trained with four tasks (arXiv 2001.07966).
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
/// ImageBERT (Qi et al., "ImageBERT: Cross-modal Pre-training with Large-scale Weak-supervised Image-Text Data", arXiv 2001.07966). The
/// regions are the cells of a residual network's map with their boxes; words and regions go through one BERT; the pooled [CLS] goes into a
/// classifier per task. Pre-training: masked words (MLM), masked objects (MOC), masked features (MRFR) and matching (ITM); the first three
/// count only where picture and text belong together (conditional masking). The paper's stages are runs that start from one another
/// (<c>--pretrained RUN</c>): pre-train on the largest, noisiest table first. In EasyTransfer's form: MLM, ITM and masked patches by
/// Kullback-Leibler divergence. A missing picture or text is hidden from attention.
/// </summary>
public sealed class ImageBert : ProductModel
{
    private const double MaskedShare = 0.15;
    private const double ZeroedShare = 0.9;
    private readonly ImageBertOptions _options;
    private readonly ResNet _image;
    private readonly ImageBertNetwork _network;
    private readonly RegionCodebook? _objects;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public ImageBert(ImageBertOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var features = options.Image.OutputChannels;
        var classes = options.Form == ImageBertForm.Paper ? options.ObjectClasses : 0;
        _image = Add("image", new ResNet(options.Image));
        _network = Add(
            "network",
            new ImageBertNetwork(
                new ImageBertShape(options.Text.Of(context.VocabularySize, context.PaddingId), features)
                {
                    Form = options.Form,
                    MaximumRegions = options.Regions,
                    ObjectClasses = classes,
                }
            )
        );
        _objects = classes > 0 ? Add("objects", new RegionCodebook(features, classes)) : null;
        _heads = Add("heads", new TaskHeads(context, options.Text.Width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>ImageBERT in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "imagebert",
            "ImageBERT",
            "arXiv 2001.07966; mczhuge/Kaleido-BERT (EasyTransfer)",
            new Dictionary<string, ImageBertOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 48,
                    ContextLength = 24,
                    HeadWidth = 64,
                    HeadDropout = 0,
                    Text = BertTowerOptions.Tiny,
                    Image = ResNetOptions.Tiny,
                    ObjectClasses = 32,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    Text = BertTowerOptions.Small,
                    Image = ResNetOptions.Small,
                    ObjectClasses = 256,
                },
                ["base"] = new() { ContextLength = 128 },
                ["easytransfer"] = new()
                {
                    ImageSize = 256,
                    ContextLength = 64,
                    Form = ImageBertForm.EasyTransfer,
                    Text = new() { Activation = Activation.GeluTanh },
                },
            },
            (options, context) => new ImageBert(options, context)
        ) with
        {
            Towers = OneStreamTowers.Of<ImageBertOptions>(
                "image.",
                new TowerSlot(TowerKind.ImageBertStage, "network."),
                new TowerSlot(TowerKind.ImageBertObjects, "objects.")
            ),
        };

    /// <inheritdoc/>
    public override bool CanPretrain => Context.MaskId >= 0;

    /// <inheritdoc/>
    public override int LayerCount => _options.Text.Layers + 1;

    /// <summary>The sum of the form's tasks on the rows that have picture and text.</summary>
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
        var (masked, zeroed) = MaskRegions(regions);
        var shown = regions.MaskedFill(zeroed.unsqueeze(-1), 0);
        var output = Read(masking.Tokens, text.Visible, shown, pairs.ImagePresent);
        var length = text.Tokens.size(1);
        var words = output.Hidden.narrow(1, 0, length);
        var states = output.Hidden.narrow(1, length, regions.size(1));

        var conditional = _options.Form == ImageBertForm.Paper;
        var loss = matching
            .Loss(_network.MatchLogits(output.Pooled))
            .Plus(masking.Loss(words, text.Tokens, _network.WordLogits, conditional ? matching.Matches : null));
        return loss.Plus(
            conditional
                ? RegionTasks(states, regions.detach(), masked.logical_and(matching.Matches.unsqueeze(1)))
                : PretrainingLosses.FeatureDivergence(Chosen(_network.FeatureLogits(states), masked), Chosen(regions.detach(), masked))
        );
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
        ImageBertAttention.Describe(pass, flow, _options.Image.MapSide(_options.ImageSize));

    private static Tensor Chosen(Tensor rows, Tensor chosen) =>
        rows.to(ScalarType.Float32).flatten(0, 1).index_select(0, chosen.reshape(-1).nonzero().reshape(-1));

    private BertOutput Read(Tensor tokens, Tensor visible, Tensor regions, Tensor imagePresent)
    {
        var side = _options.Image.MapSide(_options.ImageSize);
        var embedded = _network.EmbedRegions(regions, PictureFeatures.Boxes(side, regions.device));
        return _network.Encode(
            _network.Bert.Embeddings.Forward(tokens),
            visible,
            embedded,
            imagePresent.unsqueeze(1).expand(-1, regions.size(1))
        );
    }

    // MOC and MRFR: what was at the masked places, by name and by feature.
    private Tensor RegionTasks(Tensor states, Tensor features, Tensor counted)
    {
        var error = (_network.FeatureLogits(states).to(ScalarType.Float32) - features).Power(2).mean([-1]);
        var loss = PretrainingLosses.ChosenMean(error, counted);
        if (_objects is null)
        {
            return loss;
        }

        var likelihood = _network
            .ObjectLogits(states)
            .to(ScalarType.Float32)
            .log_softmax(-1)
            .gather(2, _objects.Label(features).unsqueeze(-1))
            .squeeze(-1);
        return loss - PretrainingLosses.ChosenMean(likelihood, counted);
    }

    // The paper chooses 15 % of the regions and zeroes 90 % of them; EasyTransfer zeroes a fixed number.
    private (Tensor Masked, Tensor Zeroed) MaskRegions(Tensor regions)
    {
        long[] shape = [regions.size(0), regions.size(1)];
        if (_options.Form == ImageBertForm.EasyTransfer)
        {
            var patches = TokenMasking.First(ones(shape, dtype: ScalarType.Bool, device: regions.device)).LessThan(_options.MaskedPatches);
            return (patches, patches);
        }

        var masked = TokenMasking.Coin(shape, MaskedShare, regions.device);
        return (masked, masked.logical_and(TokenMasking.Coin(shape, ZeroedShare, regions.device)));
    }
}
