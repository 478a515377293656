// CoCa: contrastive captioner (arXiv 2205.01917).
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
/// CoCa (Yu et al., "CoCa: Contrastive Captioners are Image-Text Foundation Models", arXiv 2205.01917). The decoder is cut in half: the
/// lower half reads the text alone and ends in a class token, which is contrasted with the pooled picture; the upper half looks at the
/// picture's tokens and predicts the text. One pass serves both losses. Tasks are classified from the pooled embeddings, from the decoder's
/// state at the end of the text (the paper's recipe for picture and text), or from both.
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
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "coca",
            "CoCa",
            "arXiv 2205.01917; mlfoundations/open_clip",
            CoCaPresets.All,
            (options, context) => new CoCa(options, context)
        ) with
        {
            Towers = CoCaTowers.All,
        };

    /// <summary>The picture encoder with its poolers.</summary>
    public CoCaImageEncoder Image { get; }

    /// <summary>The unimodal half of the decoder.</summary>
    public CoCaTextEncoder Text { get; }

    /// <summary>The multimodal half of the decoder.</summary>
    public CoCaDecoder Decoder { get; }

    /// <summary>The scaled cosines and the loss over them.</summary>
    public ContrastiveLoss Contrastive { get; }

    IPairLoss IContrastiveModel.Contrastive => Contrastive;

    /// <inheritdoc/>
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Image.Layers, _options.Text.Layers) + 1;

    /// <summary>Weighted contrastive and captioning loss on the rows that have both picture and text; 0 where no row has.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var both = batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1);
        if (both.size(0) == 0)
        {
            return Contrastive.LogitScale.Times(0.0);
        }

        var pairs = batch.Select(both);
        var (image, imageTokens) = Image.Encode(pairs.Pixels);
        var (ids, mask) = FullContext(pairs.TokenIds, pairs.TokenMask);
        var (text, textTokens) = Text.Encode(ids, mask);
        var caption = CaptionLoss(Decoder.Decode(textTokens, imageTokens), ids, mask);
        return (Contrastive.Forward(image, text).Times(_options.ContrastiveWeight)).Plus(caption.Times(_options.CaptionWeight));
    }

    /// <summary>Cross-entropy of every next token, padding left out: <c>[]</c>.</summary>
    /// <param name="states">The decoder's states, <c>[B, L, D]</c>.</param>
    /// <param name="tokenIds"><c>[B, L]</c>.</param>
    /// <param name="tokenMask">True where there is a token, <c>[B, L]</c>.</param>
    public Tensor CaptionLoss(Tensor states, Tensor tokenIds, Tensor tokenMask)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(tokenIds);
        ArgumentNullException.ThrowIfNull(tokenMask);
        var length = tokenIds.size(1) - 1;
        var labels = tokenIds.MaskedFill(tokenMask.logical_not(), -1).narrow(1, 1, length);
        var logits = Decoder.Predict(states.narrow(1, 0, length)).to(ScalarType.Float32);
        return Functional.CrossEntropy(logits.flatten(0, 1), labels.flatten(), ignoredLabel: -1);
    }

    /// <summary>Logits of the token after each text: <c>[B, L] -> [B, V]</c>.</summary>
    /// <param name="tokenIds">Texts without padding, <c>[B, L]</c>, L at most the context length.</param>
    /// <param name="imageTokens">The pictures' tokens from <see cref="CoCaImageEncoder.Encode"/>.</param>
    public Tensor NextToken(Tensor tokenIds, Tensor imageTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);

        // Published checkpoints take the padding id for padding wherever it is, even where it was generated as a token.
        var mask = _options.LegacyClassMask
            ? tokenIds.NotEqualTo(Context.PaddingId)
            : ones(tokenIds.shape, dtype: ScalarType.Bool, device: tokenIds.device);
        var (_, tokens) = Text.Encode(tokenIds, mask);
        return Decoder.Predict(Decoder.Decode(tokens, imageTokens).select(1, tokenIds.size(1) - 1)).to(ScalarType.Float32);
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
    /// The captioner's heat-map of every word over the patches, <c>[B, L, P]</c>: its attention while it predicts that word, averaged over
    /// layers and heads and carried through the pooler to the patches. The first token is not predicted and has zeros.
    /// </summary>
    /// <param name="batch">Products with picture and text.</param>
    public Tensor Align(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var recorder = ForwardRecorder.Begin(this);
        var (_, imageTokens) = Image.Encode(batch.Pixels);
        var (_, textTokens) = Text.Encode(batch.TokenIds, batch.TokenMask);
        Decoder.Decode(textTokens, imageTokens);
        Tensor[] layers = [.. recorder.Attention("text_decoder.cross_attn")];
        var toTokens = stack(layers, 0).mean([0]).mean([1]).to(ScalarType.Float32);
        var toPatches = recorder.Attention("visual.attn_pool") is [var pool, ..]
            ? toTokens.matmul(PoolerMap(pool, imageTokens.size(1)))
            : toTokens;
        var predicting = toPatches.narrow(1, 0, toPatches.size(1) - 1);
        return cat([zeros([predicting.size(0), 1, predicting.size(2)], device: predicting.device), predicting], 1);
    }

    // From the decoder's tokens to the patches, [B, N, P]: the queries in front that are no tokens go, and so does the class position.
    private static Tensor PoolerMap(Tensor attention, long tokens)
    {
        var map = attention.mean([1]).to(ScalarType.Float32);
        return map.narrow(1, map.size(1) - tokens, tokens).narrow(2, 1, map.size(2) - 1);
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "visual.tower.", "text.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "visual.", "text.", "text_decoder.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(Text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var (ids, mask) = EmptyWhereMissing(batch);
        var (image, imageTokens) = Image.Pool(PictureFeatures.Tokens(Image.Tower, batch.Pixels, batch.ImagePresent));
        var (text, textTokens) = Text.Encode(ids, mask);
        image = _missingImage.Fill(image, batch.ImagePresent);
        text = _missingText.Fill(text, batch.TextPresent);
        var needsDecoder = _options.Features != CoCaFeatures.Pooled || _options.AuxiliaryCaptionWeight > 0;
        var states = needsDecoder ? Decoder.Decode(textTokens, FillTokens(imageTokens, batch.ImagePresent)) : null;
        var joint = Joint(image, text, states, mask);
        return new ModelOutput([.. _heads.Select(head => head.Forward(joint))])
        {
            ImageEmbedding = image,
            TextEmbedding = text,
            JointEmbedding = joint,
            AuxiliaryLoss =
                training && _options.AuxiliaryCaptionWeight > 0
                    ? CaptionLossOfPairs(states!, ids, mask, batch).Times(_options.AuxiliaryCaptionWeight)
                    : null,
        };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        CoCaAttention.Describe(pass, flow, _options, Image.Tower.GridSize, EmptyWhereMissing(pass.Batch).Mask);

    // An absent text is one end token: what a row of ids happens to hold there is not looked at.
    private (Tensor Ids, Tensor Mask) EmptyWhereMissing(Batch batch)
    {
        var present = batch.TextPresent.unsqueeze(1);
        var first = Tensors.Range(0, batch.TokenIds.size(1), device: batch.TokenIds.device).EqualTo(0).unsqueeze(0);
        var empty = Tensors
            .Full(batch.TokenIds.shape, Context.PaddingId, dtype: ScalarType.Int64, device: batch.TokenIds.device)
            .MaskedFill(first, Context.EndId);
        return FullContext(
            batch.TokenIds.where(present, empty),
            batch.TokenMask.logical_and(present).logical_or(first.logical_and(present.logical_not()))
        );
    }

    // The legacy mask lets the class token see the first padding position, so there has to be the padding its checkpoints were trained
    // with.
    private (Tensor Ids, Tensor Mask) FullContext(Tensor ids, Tensor mask)
    {
        var absent = _options.ContextLength - ids.size(1);
        if (!_options.LegacyClassMask || absent <= 0)
        {
            return (ids, mask);
        }

        var padding = Tensors.Full([ids.size(0), absent], Context.PaddingId, dtype: ScalarType.Int64, device: ids.device);
        var hidden = zeros([ids.size(0), absent], dtype: ScalarType.Bool, device: ids.device);
        return (cat([ids, padding], 1), cat([mask, hidden], 1));
    }

    private Tensor FillTokens(Tensor tokens, Tensor present)
    {
        var everywhere = present.unsqueeze(1).expand(-1, tokens.size(1)).flatten();
        return _missingTokens.Fill(tokens.flatten(0, 1), everywhere).reshape(tokens.shape);
    }

    private Tensor Joint(Tensor image, Tensor text, Tensor? states, Tensor mask)
    {
        var ends = mask.to(ScalarType.Int64).sum(1).Minus(1);
        return _options.Features switch
        {
            CoCaFeatures.Pooled => cat([image, text], 1),
            CoCaFeatures.Decoder => ClipTextEncoder.Pool(states!, ends).to(ScalarType.Float32),
            _ => cat([image, text, ClipTextEncoder.Pool(states!, ends).to(ScalarType.Float32)], 1),
        };
    }

    private Tensor CaptionLossOfPairs(Tensor states, Tensor ids, Tensor mask, Batch batch)
    {
        var both = batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1);
        return both.size(0) == 0
            ? Contrastive.LogitScale.Times(0.0)
            : CaptionLoss(states.index_select(0, both), ids.index_select(0, both), mask.index_select(0, both));
    }
}
