// CoCa: contrastive captioner (arXiv 2205.01917).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models;

/// <summary>
/// CoCa (Yu et al., "CoCa: Contrastive Captioners are Image-Text Foundation Models", arXiv 2205.01917). The decoder is cut in half: the lower
/// half reads the text alone and ends in a class token, which is contrasted with the pooled picture; the upper half looks at the picture's
/// tokens and predicts the text. One pass serves both losses. Tasks are classified from the pooled embeddings, from the decoder's state at the
/// end of the text (the paper's recipe for picture and text), or from both.
/// A missing picture is replaced by learned vectors for its embedding and its tokens; a missing text is read as an empty one.
/// </summary>
public sealed class CoCa : ProductModel, IContrastiveModel, IAlignment
{
    private readonly CoCaOptions _options;
    private readonly MissingModality _missingImage;
    private readonly MissingModality _missingText;
    private readonly MissingModality _missingTokens;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public CoCa(CoCaOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        Image = Add("visual", new CoCaImageEncoder(options));
        Text = Add("text", new CoCaTextEncoder(options, context.VocabularySize));
        Decoder = Add("text_decoder", new CoCaDecoder(options.DecoderBlocks, Image.TokenWidth, context.VocabularySize));
        Contrastive = Add("contrastive", new ContrastiveLoss());
        _missingImage = Add("missing_image", new MissingModality(options.JointWidth));
        _missingText = Add("missing_text", new MissingModality(options.JointWidth));
        _missingTokens = Add("missing_image_tokens", new MissingModality(Image.TokenWidth));
        Add("heads", _heads);
        var pooled = options.Features == CoCaFeatures.Decoder ? 0 : 2 * options.JointWidth;
        var decoded = options.Features == CoCaFeatures.Pooled ? 0 : options.Text.Width;
        foreach (var task in context.Tasks)
        {
            _heads.Append(new TaskHead(pooled + decoded, options.HeadWidth, task.Classes.Count, options.HeadDropout));
        }
    }

    /// <summary>CoCa in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } = ModelDescriptor.Of(
        "coca", "CoCa", "arXiv 2205.01917; mlfoundations/open_clip", CoCaPresets.All, (options, context) => new CoCa(options, context));

    /// <summary>The picture encoder with its poolers.</summary>
    public CoCaImageEncoder Image { get; }

    /// <summary>The unimodal half of the decoder.</summary>
    public CoCaTextEncoder Text { get; }

    /// <summary>The multimodal half of the decoder.</summary>
    public CoCaDecoder Decoder { get; }

    /// <summary>The scaled cosines and the loss over them.</summary>
    public ContrastiveLoss Contrastive { get; }

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Image.Layers, _options.Text.Layers) + 1;

    /// <summary>Weighted contrastive and captioning loss on the rows that have both picture and text; 0 where no row has.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var both = batch.ImagePresent.And(batch.TextPresent).NonZero().Reshape(-1);
        if (both.Size(0) == 0)
        {
            return Contrastive.LogitScale * 0.0;
        }

        var pairs = batch.Select(both);
        var (image, imageTokens) = Image.Encode(pairs.Pixels);
        var (ids, mask) = FullContext(pairs.TokenIds, pairs.TokenMask);
        var (text, textTokens) = Text.Encode(ids, mask);
        var caption = CaptionLoss(Decoder.Decode(textTokens, imageTokens), ids, mask);
        return (Contrastive.Forward(image, text) * _options.ContrastiveWeight) + (caption * _options.CaptionWeight);
    }

    /// <summary>Cross-entropy of every next token, padding left out: <c>[]</c>.</summary>
    /// <param name="states">The decoder's states, <c>[B, L, D]</c>.</param>
    /// <param name="tokenIds"><c>[B, L]</c>.</param>
    /// <param name="tokenMask">True where a token stands, <c>[B, L]</c>.</param>
    public Tensor CaptionLoss(Tensor states, Tensor tokenIds, Tensor tokenMask)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(tokenIds);
        ArgumentNullException.ThrowIfNull(tokenMask);
        var length = tokenIds.Size(1) - 1;
        var labels = tokenIds.MaskedFill(tokenMask.Not(), -1).Narrow(1, 1, length);
        var logits = Decoder.Predict(states.Narrow(1, 0, length)).To(ScalarType.Float32);
        return Functional.CrossEntropy(logits.Flatten(0, 1), labels.Flatten(), ignoredLabel: -1);
    }

    /// <summary>Logits of the token after each text: <c>[B, L] -> [B, V]</c>.</summary>
    /// <param name="tokenIds">Texts without padding, <c>[B, L]</c>, L at most the context length.</param>
    /// <param name="imageTokens">The pictures' tokens from <see cref="CoCaImageEncoder.Encode"/>.</param>
    public Tensor NextToken(Tensor tokenIds, Tensor imageTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);

        // Published checkpoints take the padding id for padding wherever it stands, even where it was generated as a token.
        var mask = _options.LegacyClassMask
            ? tokenIds.NotEqual(Context.PaddingId)
            : Tensor.Ones(tokenIds.Shape, ScalarType.Boolean, tokenIds.Device);
        var (_, tokens) = Text.Encode(tokenIds, mask);
        return Decoder.Predict(Decoder.Decode(tokens, imageTokens).Select(1, tokenIds.Size(1) - 1)).To(ScalarType.Float32);
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
        var (ids, mask) = FullContext(batch.TokenIds, batch.TokenMask);
        return Text.Encode(ids, mask).Embedding;
    }

    /// <summary>
    /// The captioner's heat-map of every word over the patches, <c>[B, L, P]</c>: its attention while it predicts that word, meaned over layers and
    /// heads and carried through the pooler to the patches. The first token is not predicted and has zeros.
    /// </summary>
    /// <param name="batch">Products with picture and text.</param>
    public Tensor Align(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (pool, trace) = (new CoCaPoolTrace(), new TransformerTrace());
        var (_, imageTokens) = Image.Pool(Image.Tower.Tokens(batch.Pixels), pool);
        var (_, textTokens) = Text.Encode(batch.TokenIds, batch.TokenMask);
        Decoder.Decode(textTokens, imageTokens, trace);
        Tensor[] layers = [.. trace.Attention];
        var toTokens = Tensor.Stack(0, layers).Mean(0).Mean(1).To(ScalarType.Float32);
        var toPatches = pool.Attention.Count == 0 ? toTokens : toTokens.MatMul(PoolerMap(pool.Attention[0], imageTokens.Size(1)));
        var predicting = toPatches.Narrow(1, 0, toPatches.Size(1) - 1);
        return Tensor.Concatenate(1, Tensor.Zeros([predicting.Size(0), 1, predicting.Size(2)], device: predicting.Device), predicting);
    }

    // From the decoder's tokens to the patches, [B, N, P]: the queries in front that are no tokens go, and so does the class position.
    private static Tensor PoolerMap(Tensor attention, long tokens)
    {
        var map = attention.Mean(1).To(ScalarType.Float32);
        return map.Narrow(1, map.Size(1) - tokens, tokens).Narrow(2, 1, map.Size(2) - 1);
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "visual.tower.", "text.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.", "text_decoder.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(Text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch, ModelTrace? trace)
    {
        var (ids, mask) = EmptyWhereMissing(batch);
        var pools = trace is null ? null : new CoCaPoolTrace();
        var (image, imageTokens) = Image.Pool(PictureFeatures.Tokens(Image.Tower, batch.Pixels, batch.ImagePresent, trace?.Image), pools);
        var (text, textTokens) = Text.Encode(ids, mask, trace?.Text);
        image = _missingImage.Fill(image, batch.ImagePresent);
        text = _missingText.Fill(text, batch.TextPresent);
        var needsDecoder = _options.Features != CoCaFeatures.Pooled || _options.AuxiliaryCaptionWeight > 0;
        var self = new List<Tensor>();
        var states = needsDecoder
            ? Decoder.Decode(textTokens, FillTokens(imageTokens, batch.ImagePresent), trace?.Fusion, trace is null ? null : self)
            : null;
        Record(trace, pools, self, mask);
        var joint = Joint(image, text, states, mask);
        return new ModelOutput([.. _heads.Select(head => head.Forward(joint))])
        {
            ImageEmbedding = image,
            TextEmbedding = text,
            JointEmbedding = joint,
            AuxiliaryLoss = IsTraining && _options.AuxiliaryCaptionWeight > 0
                ? CaptionLossOfPairs(states!, ids, mask, batch) * _options.AuxiliaryCaptionWeight
                : null,
        };
    }

    private void Record(ModelTrace? trace, CoCaPoolTrace? pools, List<Tensor> self, Tensor mask)
    {
        if (trace is null)
        {
            return;
        }

        var (flow, count, length, device) = (trace.Flow, mask.Size(0), mask.Size(1), mask.Device);
        var (embedding, tokens) = Image.Record(flow, trace.Image, pools!);
        var text = AttentionSpace.OfText(length, length + 1);
        flow.AddSelf(text, trace.Text.Attention);
        if (_options.Features != CoCaFeatures.Decoder)
        {
            flow.Read(AttentionReadOut.At(embedding, count, 0, device));
            flow.Read(AttentionReadOut.At(text, count, length, device));
        }

        if (_options.Features == CoCaFeatures.Pooled)
        {
            return;
        }

        var decoded = AttentionSpace.OfText(length);
        flow.AddPart(decoded, 0, text);
        for (var layer = 0; layer < self.Count; layer++)
        {
            flow.Add(new AttentionStep(decoded, decoded, self[layer]) { Layer = layer });
            flow.Add(new AttentionStep(decoded, tokens, trace.Fusion.Attention[layer]) { Layer = layer });
        }

        flow.Read(AttentionReadOut.At(decoded, mask.To(ScalarType.Int64).Sum(1) - 1));
    }

    // An absent text is one end token: what a row of ids happens to hold there is not looked at.
    private (Tensor Ids, Tensor Mask) EmptyWhereMissing(Batch batch)
    {
        var present = batch.TextPresent.Unsqueeze(1);
        var first = Tensor.Range(0, batch.TokenIds.Size(1), device: batch.TokenIds.Device).Equal(0).Unsqueeze(0);
        var empty = Tensor.Full(batch.TokenIds.Shape, Context.PaddingId, ScalarType.Int64, batch.TokenIds.Device).MaskedFill(first, Context.EndId);
        return FullContext(batch.TokenIds.Where(present, empty), batch.TokenMask.And(present).Or(first.And(present.Not())));
    }

    // The legacy mask lets the class token see the first padding position, so there has to be the padding its checkpoints were trained with.
    private (Tensor Ids, Tensor Mask) FullContext(Tensor ids, Tensor mask)
    {
        var absent = _options.ContextLength - ids.Size(1);
        if (!_options.LegacyClassMask || absent <= 0)
        {
            return (ids, mask);
        }

        var padding = Tensor.Full([ids.Size(0), absent], Context.PaddingId, ScalarType.Int64, ids.Device);
        var hidden = Tensor.Zeros([ids.Size(0), absent], ScalarType.Boolean, ids.Device);
        return (Tensor.Concatenate(1, ids, padding), Tensor.Concatenate(1, mask, hidden));
    }

    private Tensor FillTokens(Tensor tokens, Tensor present)
    {
        var everywhere = present.Unsqueeze(1).Expand(-1, tokens.Size(1)).Flatten();
        return _missingTokens.Fill(tokens.Flatten(0, 1), everywhere).Reshape(tokens.Shape);
    }

    private Tensor Joint(Tensor image, Tensor text, Tensor? states, Tensor mask)
    {
        var ends = mask.To(ScalarType.Int64).Sum(1) - 1;
        return _options.Features switch
        {
            CoCaFeatures.Pooled => Tensor.Concatenate(1, image, text),
            CoCaFeatures.Decoder => ClipTextEncoder.Pool(states!, ends).To(ScalarType.Float32),
            _ => Tensor.Concatenate(1, image, text, ClipTextEncoder.Pool(states!, ends).To(ScalarType.Float32)),
        };
    }

    private Tensor CaptionLossOfPairs(Tensor states, Tensor ids, Tensor mask, Batch batch)
    {
        var both = batch.ImagePresent.And(batch.TextPresent).NonZero().Reshape(-1);
        return both.Size(0) == 0
            ? Contrastive.LogitScale * 0.0
            : CaptionLoss(states.IndexSelect(0, both), ids.IndexSelect(0, both), mask.IndexSelect(0, both));
    }
}
