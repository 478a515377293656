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
    private readonly PictureTower _image;
    private readonly TextTower _text;
    private readonly Linear? _imageProjection;
    private readonly Linear? _textProjection;
    private readonly MissingModality _missingImage;
    private readonly MissingModality _missingText;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Clip(ClipOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var surroundings = new TowerSurroundings(options, context, options.JointWidth, options.Blocks);
        _image = options.Picture.Build(surroundings);
        Add("visual", _image.Module);
        _text = options.Text.Build(surroundings);
        Add("text", _text.Module);
        _imageProjection = _image.IsProjected ? null : Add("image_projection", new Linear(_image.Width, options.JointWidth));
        _textProjection = _text.IsProjected ? null : Add("text_projection", new Linear(_text.Width, options.JointWidth));
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
            _image.Module.SetTrainable(false);
            _text.Module.SetTrainable(false);
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

    /// <summary>CLIP's own picture tower: a <see cref="VisionTransformer"/> or a <see cref="ModifiedResNet"/>.</summary>
    /// <exception cref="InvalidCastException">The picture tower is another one.</exception>
    public IImageEncoder Image => (IImageEncoder)_image.Module;

    /// <summary>CLIP's own text tower.</summary>
    /// <exception cref="InvalidCastException">The text tower is another one.</exception>
    public ClipTextEncoder Text => (ClipTextEncoder)_text.Module;

    /// <summary>The scaled cosines and the loss over them; its <see cref="ContrastiveLoss.Logits"/> is zero-shot classification.</summary>
    public ContrastiveLoss Contrastive { get; }

    IPairLoss IContrastiveModel.Contrastive => Contrastive;

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Picture.Depth, _options.Text.Depth) + 1;

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
        return Contrastive.Forward(EmbedImages(pairs), EmbedTexts(pairs));
    }

    /// <inheritdoc/>
    public Tensor EmbedImages(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ToJoint(_imageProjection, _image.Embed(batch.Pixels));
    }

    /// <inheritdoc/>
    public Tensor EmbedTexts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ToJoint(_textProjection, _text.Embed(batch));
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        const string Stage = "visual.layer";
        return parameter.StartsWith(Stage, StringComparison.Ordinal)
            ? parameter[Stage.Length] - '0'
            : TowerLayers.LayerOf(parameter, LayerCount, "visual.", "text.");
    }

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_text.TokenVectors);

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
    protected override void Describe(RecordedPass pass, AttentionFlow flow) => ClipAttention.Describe(pass, flow, _image, _text);

    private (Tensor Image, Tensor Text) Embed(Batch batch)
    {
        // Outside training there is nothing to freeze, and explanations need gradients of the inputs.
        if (!_options.LinearProbe || !training)
        {
            return (
                PictureFeatures.OfPresent(
                    batch.Pixels,
                    batch.ImagePresent,
                    training,
                    [_options.JointWidth],
                    pixels => ToJoint(_imageProjection, _image.Embed(pixels))
                ),
                EmbedTexts(batch)
            );
        }

        // Frozen means frozen: no dropout and no moving batch statistics either.
        var (image, text) = Frozen(batch);
        return (ToJoint(_imageProjection, image), ToJoint(_textProjection, text));
    }

    private (Tensor Image, Tensor Text) Frozen(Batch batch)
    {
        using var frozen = no_grad();
        _image.Module.eval();
        _text.Module.eval();
        return (_image.Embed(batch.Pixels), _text.Embed(batch));
    }

    // CLIP's towers end in the joint space; others are brought there.
    private static Tensor ToJoint(Linear? projection, Tensor embedding) => projection is null ? embedding : projection.Forward(embedding);
}
