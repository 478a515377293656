// CMA-CLIP: cross-modality attention on top of CLIP, many tasks at once (arXiv 2112.03562).
using System.Diagnostics;
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// CMA-CLIP (Liu et al., "CMA-CLIP: Cross-Modality Attention CLIP for Image-Text Classification", arXiv 2112.03562). CLIP embeds patches
/// and tokens; both sequences are joined and go through a transformer (sequence-wise attention), which gives an aggregate embedding per
/// modality; each task weighs the two by modality-wise attention and classifies the sum with its own MLP.
/// A missing picture or text is hidden as a key in the sequence and gets weight 0 in the modality-wise attention.
/// </summary>
public sealed class CmaClip : ProductModel, IContrastiveModel, ITwoTowers
{
    private readonly CmaClipOptions _options;
    private readonly PictureTower _image;
    private readonly TextTower _text;
    private readonly Linear? _imageTokens;
    private readonly Linear? _textTokens;
    private readonly Tensor? _modalities;
    private readonly Transformer? _fusion;
    private readonly LayerNorm? _fusionNorm;
    private readonly Aggregator _imageAggregator;
    private readonly Aggregator _textAggregator;
    private readonly ModuleList<KeylessAttention> _modalityAttention = new();
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public CmaClip(CmaClipOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var width = options.JointWidth;
        var blocks = new TransformerOptions(width, options.FusionHeads, options.FusionLayers, 4 * width)
        {
            Activation = options.Activation,
            NormEpsilon = options.NormEpsilon,
            Dropout = options.Dropout,
        };
        var surroundings = new TowerSurroundings(options, context, width, blocks);
        _image = options.Image.Build(surroundings);
        Add("visual", _image.Module);
        _text = options.Text.Build(surroundings);
        Add("text", _text.Module);
        Contrastive = Add("contrastive", new ContrastiveLoss());
        var linear = options.TokenProjection == TokenProjection.Linear;
        _imageTokens = linear || !_image.IsProjected ? Add("image_tokens", new Linear(_image.Width, width)) : null;
        _textTokens = linear || !_text.IsProjected ? Add("text_tokens", new Linear(_text.Width, width)) : null;

        if (options.SequenceWiseAttention)
        {
            _modalities = options.ModalityEmbeddings ? AddParameter("modality_embedding", Tensors.Normal([2, width], 0, 0.02)) : null;
            _fusion = Add("fusion", new Transformer(blocks));
            _fusionNorm = Add("fusion_norm", new LayerNorm(width));
        }

        _imageAggregator = Aggregator("image_pooling");
        _textAggregator = Aggregator("text_pooling");

        Add("modality_attention", _modalityAttention);
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _modalityAttention.Append(new KeylessAttention(width, options.SharedModalityVector, options.ScaledModalityScores));
            _heads.Append(new TaskHead(width, options.HeadWidth, task.Classes.Count, options.HeadDropout, options.HeadNorm));
        }

        StartFusion();
    }

    /// <summary>CMA-CLIP in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "cma-clip",
            "CMA-CLIP",
            "arXiv 2112.03562",
            CmaClipPresets.All,
            (options, context) => new CmaClip(options, context)
        ) with
        {
            Towers = CmaClipTowers.All,
        };

    /// <summary>The scaled cosines of the towers and the loss over them.</summary>
    public ContrastiveLoss Contrastive { get; }

    IPairLoss IContrastiveModel.Contrastive => Contrastive;

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Image.Depth, _options.Text.Depth) + 1;

    /// <summary>CLIP's contrastive loss over the towers, on the rows that have both picture and text; 0 where no row has.</summary>
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
    public TowerSequences Embed(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new TowerSequences(_image.Tokens(batch), _text.Tokens(batch));
    }

    /// <inheritdoc/>
    public Tensor EmbedImages(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var embedding = _image.Embed(batch.Pixels);
        return _image.IsProjected ? embedding : _imageTokens!.Forward(embedding);
    }

    /// <inheritdoc/>
    public Tensor EmbedTexts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var embedding = _text.Embed(batch);
        return _text.IsProjected ? embedding : _textTokens!.Forward(embedding);
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
    public override void TowersInitialized() => StartFusion();

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        // The towers embed patches and tokens in one space.
        var (patches, tokens) = batch.Sequences ?? Embed(batch);
        var image = _imageTokens is null ? _image.Project(patches) : _imageTokens.Forward(patches);
        var text = _textTokens is null ? _text.Project(tokens) : _textTokens.Forward(tokens);

        // Sequence-wise attention: both are one sequence in one transformer.
        (image, text) = AttendSequence(image, text, batch);

        // An aggregate embedding of each modality, the same for all tasks or each task's own.
        var images = _imageAggregator.Of(image, _image.Layout(batch), Normalize);
        var texts = _textAggregator.Of(text, _text.Layout(batch), Normalize);

        // Modality-wise attention: each task weighs the two, and its MLP classifies their sum.
        var tasks = Enumerable.Range(0, _heads.Count).Select(task => Weigh(task, images.OfTask(task), texts.OfTask(task), batch)).ToList();
        return new ModelOutput([.. tasks.Select((task, k) => _heads[k].Forward(task.Sum))])
        {
            ImageEmbedding = images.Embedding,
            TextEmbedding = texts.Embedding,
            JointEmbedding = tasks.Select(task => task.Sum).Aggregate((sum, next) => sum.Plus(next)).Times(1.0 / tasks.Count),
            ModalityShares = [.. tasks.Select(task => task.Shares)],
        };
    }

    private (Tensor Image, Tensor Text) AttendSequence(Tensor image, Tensor text, Batch batch)
    {
        if (_fusion is null)
        {
            return (image, text);
        }

        var pictured = batch.ImagePresent.unsqueeze(1).expand(-1, image.size(1));
        var visible = cat([pictured, batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1))], 1);
        var sequence = _fusion.Forward(cat([Marked(image, 0), Marked(text, 1)], 1), AttentionMask.Keys(visible, AttentionMask.Hidden));
        return (sequence.narrow(1, 0, image.size(1)), sequence.narrow(1, image.size(1), text.size(1)));
    }

    // A learned vector shows the transformer which positions are picture and which are text.
    private Tensor Marked(Tensor tokens, int modality) => _modalities is null ? tokens : tokens.Plus(_modalities.select(0, modality));

    private (Tensor Sum, Tensor Shares) Weigh(int task, Tensor image, Tensor text, Batch batch) =>
        _options.ModalityWiseAttention
            ? _modalityAttention[task].Forward(image, text, batch.ImagePresent, batch.TextPresent)
            : KeylessAttention.Mean(image, text, batch.ImagePresent, batch.TextPresent);

    private Tensor Normalize(Tensor embeddings) =>
        (_fusionNorm is null ? embeddings : _fusionNorm.Forward(embeddings)).to(ScalarType.Float32);

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        CmaClipAttention.Describe(pass, flow, (_image, _imageAggregator), (_text, _textAggregator), _fusion is not null);

    private Aggregator Aggregator(string path) =>
        _options.Aggregation switch
        {
            Aggregation.SpecialTokens => new SpecialTokenAggregator(),
            Aggregation.Mean => new MeanAggregator(),
            Aggregation.TaskAttention => new TaskAggregator(Add(path, new KeylessPooling(Context.Tasks.Count, _options.JointWidth)), path),
            _ => throw new UnreachableException(),
        };

    private void StartFusion()
    {
        if (_options.FusionInitialization == FusionInitialization.Random || _fusion is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var parameters = NamedParameters().ToDictionary();
        foreach (
            var (name, parameter) in parameters.Where(parameter => parameter.Key.StartsWith("fusion.resblocks.", StringComparison.Ordinal))
        )
        {
            if (_options.FusionInitialization == FusionInitialization.TextTower)
            {
                parameter.copy_(parameters["text.transformer" + name["fusion".Length..]]);
            }
            else if (
                name.EndsWith(".out_proj.weight", StringComparison.Ordinal) || name.EndsWith(".c_proj.weight", StringComparison.Ordinal)
            )
            {
                parameter.FillInPlace(0);
            }
        }
    }
}
