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
public sealed class CmaClip : ProductModel, IContrastiveModel
{
    private readonly CmaClipOptions _options;
    private readonly VisionTransformer _image;
    private readonly ClipTextEncoder _text;
    private readonly Linear? _imageTokens;
    private readonly Linear? _textTokens;
    private readonly Tensor? _modalities;
    private readonly Transformer? _fusion;
    private readonly LayerNorm? _fusionNorm;
    private readonly KeylessPooling? _imagePooling;
    private readonly KeylessPooling? _textPooling;
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
        _image = Add("visual", new VisionTransformer(options.Image, options.ImageSize, width, blocks));
        _text = Add("text", new ClipTextEncoder(options.Text, context.VocabularySize, options.ContextLength, width, blocks));
        Contrastive = Add("contrastive", new ContrastiveLoss());
        if (options.TokenProjection == TokenProjection.Linear)
        {
            _imageTokens = Add("image_tokens", new Linear(options.Image.Width, width));
            _textTokens = Add("text_tokens", new Linear(options.Text.Width, width));
        }

        if (options.SequenceWiseAttention)
        {
            _modalities = options.ModalityEmbeddings ? AddParameter("modality_embedding", Tensors.Normal([2, width], 0, 0.02)) : null;
            _fusion = Add("fusion", new Transformer(blocks));
            _fusionNorm = Add("fusion_norm", new LayerNorm(width));
        }

        if (options.Aggregation == Aggregation.TaskAttention)
        {
            _imagePooling = Add("image_pooling", new KeylessPooling(context.Tasks.Count, width));
            _textPooling = Add("text_pooling", new KeylessPooling(context.Tasks.Count, width));
        }

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
    public override int LayerCount => Math.Max(_options.Image.Layers, _options.Text.Layers) + 1;

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
        return Contrastive.Forward(_image.Forward(pairs.Pixels), _text.Forward(pairs.TokenIds, pairs.EndPositions));
    }

    /// <inheritdoc/>
    public Tensor EmbedImages(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _image.Forward(batch.Pixels);
    }

    /// <inheritdoc/>
    public Tensor EmbedTexts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _text.Forward(batch.TokenIds, batch.EndPositions);
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "visual.", "text.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.");

    /// <inheritdoc/>
    public override void TowersInitialized() => StartFusion();

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch, ModelTrace? trace)
    {
        // CLIP: tokens and patches in one space. Tokens first, while a single product's picture is being decoded.
        var text = ProjectText(_text.Tokens(batch.TokenIds, trace?.Text));
        var image = ProjectImage(PictureFeatures.Tokens(_image, batch.Pixels, batch.ImagePresent, trace?.Image));

        // Sequence-wise attention: one sequence, one transformer, an aggregate per modality (the same for all tasks, or each task's own).
        (image, text) = AttendSequence(image, text, batch, trace);
        var imageAggregates = AggregateImage(image);
        var textAggregates = AggregateText(text, batch);
        var readOuts = Record(trace, batch, imageAggregates, textAggregates);

        // Modality-wise attention and MLP, per task.
        var logits = new List<Tensor>();
        var shares = new List<Tensor>();
        Tensor? joint = null;
        for (var task = 0; task < _heads.Count; task++)
        {
            var (imageAggregate, textAggregate) = (imageAggregates.OfTask(task), textAggregates.OfTask(task));
            var (sum, share) = _options.ModalityWiseAttention
                ? _modalityAttention[task].Forward(imageAggregate, textAggregate, batch.ImagePresent, batch.TextPresent)
                : KeylessAttention.Mean(imageAggregate, textAggregate, batch.ImagePresent, batch.TextPresent);
            logits.Add(_heads[task].Forward(sum));
            shares.Add(share);
            readOuts?.Invoke(task, share);
            joint = joint is null ? sum : joint.Plus(sum);
        }

        return new ModelOutput(logits)
        {
            ImageEmbedding = imageAggregates.Embedding,
            TextEmbedding = textAggregates.Embedding,
            JointEmbedding = joint!.Times(1.0 / _heads.Count),
            ModalityShares = shares,
        };
    }

    private (Tensor Image, Tensor Text) AttendSequence(Tensor image, Tensor text, Batch batch, ModelTrace? trace)
    {
        if (_fusion is null)
        {
            return (image, text);
        }

        var (imageLength, textLength) = (image.size(1), text.size(1));
        if (_modalities is not null)
        {
            image = image.Plus(_modalities.select(0, 0));
            text = text.Plus(_modalities.select(0, 1));
        }

        var visible = cat(
            [batch.ImagePresent.unsqueeze(1).expand(-1, imageLength), batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1))],
            1
        );
        var sequence = _fusion.Forward(cat([image, text], 1), AttentionMask.Keys(visible, AttentionMask.Hidden), trace?.Fusion);
        return (sequence.narrow(1, 0, imageLength), sequence.narrow(1, imageLength, textLength));
    }

    private Aggregates AggregateImage(Tensor tokens) =>
        _options.Aggregation switch
        {
            Aggregation.SpecialTokens => Aggregates.Shared(Normalize(tokens.select(1, 0))),
            Aggregation.Mean => Aggregates.Shared(Normalize(tokens.narrow(1, 1, tokens.size(1) - 1).mean([1]))),
            Aggregation.TaskAttention => Aggregates.PerTask(_imagePooling!.Forward(Normalize(tokens))),
            _ => throw new UnreachableException(),
        };

    private Aggregates AggregateText(Tensor tokens, Batch batch) =>
        _options.Aggregation switch
        {
            Aggregation.SpecialTokens => Aggregates.Shared(Normalize(ClipTextEncoder.Pool(tokens, batch.EndPositions))),
            Aggregation.Mean => Aggregates.Shared(Normalize(MeanOf(tokens, batch.TokenMask.unsqueeze(2).to(tokens.dtype)))),
            Aggregation.TaskAttention => Aggregates.PerTask(_textPooling!.Forward(Normalize(tokens), batch.TokenMask)),
            _ => throw new UnreachableException(),
        };

    private static Tensor MeanOf(Tensor tokens, Tensor counted) => (tokens * counted).sum(1) / counted.sum(1);

    private Tensor Normalize(Tensor embeddings) =>
        (_fusionNorm is null ? embeddings : _fusionNorm.Forward(embeddings)).to(ScalarType.Float32);

    // The flow of attention so far; the result records where a task is read, each modality's aggregate as much as it weighs.
    private Action<int, Tensor>? Record(ModelTrace? trace, Batch batch, Aggregates imageAggregates, Aggregates textAggregates)
    {
        if (trace is null)
        {
            return null;
        }

        var (flow, device) = (trace.Flow, batch.Pixels.device);
        var image = AttentionSpace.OfPicture(_image.GridSize, start: 1);
        var text = AttentionSpace.OfText(batch.TokenIds.size(1));
        flow.AddSelf(image, trace.Image.Attention);
        flow.AddSelf(text, trace.Text.Attention);
        var (imageSpace, textSpace, textStart) = (image, text, 0);
        if (_fusion is not null)
        {
            var joint = new AttentionSpace("joint", image.Length + text.Length)
            {
                PatchStart = 1,
                PatchRows = _image.GridSize,
                PatchColumns = _image.GridSize,
                TextStart = image.Length,
                TextCount = text.Length,
            };
            trace.Joint = joint;
            flow.AddPart(joint, 0, image);
            flow.AddPart(joint, image.Length, text);
            flow.AddSelf(joint, trace.Fusion.Attention);
            (imageSpace, textSpace, textStart) = (joint, joint, image.Length);
        }

        return (task, share) =>
        {
            var (imageRead, textRead) = _options.Aggregation switch
            {
                Aggregation.SpecialTokens => (
                    AttentionReadOut.At(imageSpace, batch.Size, 0, device),
                    AttentionReadOut.At(textSpace, batch.EndPositions.Plus(textStart))
                ),
                Aggregation.Mean => (
                    AttentionReadOut.Mean(imageSpace, 1, ones([batch.Size, image.PatchCount], device: device)),
                    AttentionReadOut.Mean(textSpace, textStart, batch.TokenMask)
                ),
                Aggregation.TaskAttention => (
                    AttentionReadOut.Mean(imageSpace, 0, imageAggregates.Weights!.select(1, task)),
                    AttentionReadOut.Mean(textSpace, textStart, textAggregates.Weights!.select(1, task))
                ),
                _ => throw new UnreachableException(),
            };
            flow.Read(imageRead with { Weights = imageRead.Weights * share.narrow(1, 0, 1), Task = task });
            flow.Read(textRead with { Weights = textRead.Weights * share.narrow(1, 1, 1), Task = task });
        };
    }

    private Tensor ProjectImage(Tensor tokens) => _imageTokens is null ? _image.Project(tokens) : _imageTokens.Forward(tokens);

    private Tensor ProjectText(Tensor tokens) => _textTokens is null ? _text.Project(tokens) : _textTokens.Forward(tokens);

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
