// CLIP: two towers, one joint space (arXiv 2103.00020), fine-tuned with a shallow two-stream head.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// CLIP (Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", arXiv 2103.00020). A picture tower and a
/// text tower embed into one space, trained so that pairs lie close. As a classifier it is the baseline of CMA-CLIP's paper: the two
/// embeddings side by side go into a shallow head per task, and picture and text never look at each other; or, as a linear probe, the
/// towers stay frozen. A missing picture or text is replaced by a learned vector in front of the heads.
/// </summary>
public sealed class Clip : ProductModel, IContrastiveModel
{
    private readonly ClipOptions _options;
    private readonly Module _image;
    private readonly MissingModality _missingImage;
    private readonly MissingModality _missingText;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Clip(ClipOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        _image = Add<Module>(
            "visual",
            options.Tower == ImageTower.VisionTransformer
                ? new VisionTransformer(options.Image, options.ImageSize, options.JointWidth, options.Blocks)
                : new ModifiedResNet(options.ResNet, options.ImageSize, options.JointWidth)
        );
        Text = Add(
            "text",
            new ClipTextEncoder(options.Text, context.VocabularySize, options.ContextLength, options.JointWidth, options.Blocks)
        );
        Contrastive = Add("contrastive", new ContrastiveLoss());
        _missingImage = Add("missing_image", new MissingModality(options.JointWidth));
        _missingText = Add("missing_text", new MissingModality(options.JointWidth));
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _heads.Append(
                new TaskHead(2 * options.JointWidth, options.LinearProbe ? 0 : options.HeadWidth, task.Classes.Count, options.HeadDropout)
            );
        }

        if (options.LinearProbe)
        {
            _image.SetTrainable(false);
            Text.SetTrainable(false);
        }
    }

    /// <summary>CLIP in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "clip",
            "CLIP",
            "arXiv 2103.00020; openai/CLIP",
            ClipPresets.All,
            (options, context) => new Clip(options, context)
        ) with
        {
            Towers = ClipTowers.All,
        };

    /// <summary>The picture tower: a <see cref="VisionTransformer"/> or a <see cref="ModifiedResNet"/>.</summary>
    public IImageEncoder Image => (IImageEncoder)_image;

    /// <summary>The text tower.</summary>
    public ClipTextEncoder Text { get; }

    /// <summary>The scaled cosines and the loss over them; its <see cref="ContrastiveLoss.Logits"/> is zero-shot classification.</summary>
    public ContrastiveLoss Contrastive { get; }

    IPairLoss IContrastiveModel.Contrastive => Contrastive;

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount =>
        Math.Max(
            _options.Tower == ImageTower.VisionTransformer ? _options.Image.Layers : _options.ResNet.Layers.Count,
            _options.Text.Layers
        ) + 1;

    /// <summary>CLIP's contrastive loss on the rows that have both picture and text; 0 where no row has.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var both = batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1);
        if (both.size(0) == 0)
        {
            return Contrastive.LogitScale.Times(0.0);
        }

        var pairs = batch.Select(both);
        return Contrastive.Forward(Image.Forward(pairs.Pixels), Text.Forward(pairs.TokenIds, pairs.EndPositions));
    }

    /// <inheritdoc/>
    public Tensor EmbedImages(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Image.Forward(batch.Pixels);
    }

    /// <inheritdoc/>
    public Tensor EmbedTexts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Text.Forward(batch.TokenIds, batch.EndPositions);
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        const string Stage = "visual.layer";
        return _options.Tower == ImageTower.ModifiedResNet && parameter.StartsWith(Stage, StringComparison.Ordinal)
            ? parameter[Stage.Length] - '0'
            : TowerLayers.LayerOf(parameter, LayerCount, "visual.", "text.");
    }

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(Text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var (image, text) = Embed(batch);
        image = _missingImage.Fill(image, batch.ImagePresent);
        text = _missingText.Fill(text, batch.TextPresent);
        var streams = cat([image, text], 1);
        return new ModelOutput([.. _heads.Select(head => head.Forward(streams))])
        {
            ImageEmbedding = image,
            TextEmbedding = text,
            JointEmbedding = streams,
        };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        ClipAttention.Describe(pass, flow, (_image as VisionTransformer)?.GridSize);

    private (Tensor Image, Tensor Text) Embed(Batch batch)
    {
        // Outside training there is nothing to freeze, and explanations need gradients of the inputs.
        if (!_options.LinearProbe || !training)
        {
            return (
                PictureFeatures.OfPresent(batch.Pixels, batch.ImagePresent, training, [_options.JointWidth], Image.Forward),
                Text.Forward(batch.TokenIds, batch.EndPositions)
            );
        }

        // Frozen means frozen: no dropout and no moving batch statistics either.
        using var frozen = no_grad();
        _image.eval();
        Text.eval();
        return (Image.Forward(batch.Pixels), Text.Forward(batch.TokenIds, batch.EndPositions));
    }
}
