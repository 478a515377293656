// SigLIP: two towers, one joint space, every pair a question of its own (arXiv 2303.15343).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// SigLIP (Zhai et al., "Sigmoid Loss for Language Image Pre-Training", arXiv 2303.15343) and SigLIP 2 (Tschannen et al., arXiv
/// 2502.14786). As in CLIP, a picture tower and a text tower embed into one space; the loss asks of every pair by itself whether it belongs
/// together. The picture is pooled by a learned query, the text at its last position, and no position of a text is hidden. As a classifier
/// the two embeddings side by side go into a shallow head per task, as in <see cref="Clip"/>. A missing picture or text is replaced by a
/// learned vector in front of the heads.
/// </summary>
public sealed class SigLip : ProductModel, IContrastiveModel
{
    private readonly SigLipOptions _options;
    private readonly MissingModality _missingImage;
    private readonly MissingModality _missingText;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public SigLip(SigLipOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var width = options.Image.Width;
        Image = Add(
            "visual",
            new SigLipVisionTransformer(options.Image, options.ImageSize, options.ImageBlocks, options.VariableResolution)
        );
        Text = Add("text", new SigLipTextEncoder(options.Text, context.VocabularySize, options.ContextLength, width, options.TextBlocks));
        Contrastive = Add("contrastive", new SigmoidLoss());
        _missingImage = Add("missing_image", new MissingModality(width));
        _missingText = Add("missing_text", new MissingModality(width));
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _heads.Append(new TaskHead(2 * width, options.LinearProbe ? 0 : options.HeadWidth, task.Classes.Count, options.HeadDropout));
        }

        if (options.LinearProbe)
        {
            Image.SetTrainable(false);
            Text.SetTrainable(false);
        }
    }

    /// <summary>SigLIP in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "siglip",
            "SigLIP",
            "arXiv 2303.15343, 2502.14786; google-research/big_vision",
            SigLipPresets.All,
            (options, context) => new SigLip(options, context)
        ) with
        {
            Towers = SigLipTowers.All,
        };

    /// <summary>The picture tower.</summary>
    public SigLipVisionTransformer Image { get; }

    /// <summary>The text tower.</summary>
    public SigLipTextEncoder Text { get; }

    /// <summary>The scaled cosines with their bias and the loss over them; its <see cref="SigmoidLoss.Logits"/> is zero-shot
    /// classification.</summary>
    public SigmoidLoss Contrastive { get; }

    IPairLoss IContrastiveModel.Contrastive => Contrastive;

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Image.Layers, _options.Text.Layers) + 1;

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(Text.TokenVectors);

    /// <summary>The sigmoid loss on the rows that have both picture and text; 0 where no row has.</summary>
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
        return Image.Forward(batch.Pixels);
    }

    /// <inheritdoc/>
    public Tensor EmbedTexts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Text.Forward(Text.Filled(batch, Context.PaddingId));
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "visual.", "text.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.");

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
        SigLipAttention.Describe(pass, flow, Image.GridSize, Text.ContextLength);

    private (Tensor Image, Tensor Text) Embed(Batch batch)
    {
        var tokens = Text.Filled(batch, Context.PaddingId);

        // Outside training there is nothing to freeze, and explanations need gradients of the inputs.
        if (!_options.LinearProbe || !training)
        {
            return (
                PictureFeatures.OfPresent(batch.Pixels, batch.ImagePresent, training, [Image.Width], Image.Forward),
                Text.Forward(tokens)
            );
        }

        // Frozen means frozen: no dropout and no moving batch statistics either.
        using var frozen = no_grad();
        Image.eval();
        Text.eval();
        return (Image.Forward(batch.Pixels), Text.Forward(tokens));
    }
}
