// BERT alone: the text baseline (arXiv 1810.04805).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// BERT (Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", arXiv 1810.04805): the pooled
/// [CLS] state goes into a classifier per task. It never sees the picture; a missing text is a learned vector in front of the classifiers.
/// Pre-training is masked language modelling; a product has no second sentence to predict.
/// </summary>
public sealed class Bert : ProductModel
{
    private readonly BertTextOptions _options;
    private readonly BertEncoder _bert;
    private readonly MaskedLanguageHead _words;
    private readonly MissingModality _missing;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Bert(BertTextOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        var shape = options.Text.Of(context.VocabularySize, context.PaddingId);
        _bert = Add("bert", new BertEncoder(shape));
        _words = Add("words", new MaskedLanguageHead(shape));
        _missing = Add("missing_text", new MissingModality(shape.Width));
        _heads = Add("heads", new TaskHeads(context, shape.Width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>BERT in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "bert",
            "BERT",
            "arXiv 1810.04805; huggingface/transformers",
            new Dictionary<string, BertTextOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 32,
                    ContextLength = 24,
                    HeadWidth = 64,
                    HeadDropout = 0,
                    Text = BertTowerOptions.Tiny,
                },
                ["small"] = new()
                {
                    ImageSize = 32,
                    ContextLength = 32,
                    Text = BertTowerOptions.Small,
                },
                ["base"] = new() { ImageSize = 32, ContextLength = 128 },
                ["large"] = new()
                {
                    ImageSize = 32,
                    ContextLength = 128,
                    Text = BertTowerOptions.Large,
                },
            },
            (options, context) => new Bert(options, context)
        ) with
        {
            Towers = BertTowers.All,
        };

    /// <inheritdoc/>
    public override bool CanPretrain => Context.MaskId >= 0;

    /// <inheritdoc/>
    public override int LayerCount => _options.Text.Layers + 1;

    /// <summary>Masked language modelling on the rows that have a text.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        var text = TextInput.Of(batch, Context);
        var masking = TokenMasking.Draw(text.Tokens, text.Content, Context);
        var output = _bert.Forward(masking.Tokens, text.Visible);
        return masking.Loss(output.Hidden, text.Tokens, states => _words.Forward(states, _bert.Embeddings.WordTable));
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "bert.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "bert.");

    /// <inheritdoc/>
    public override bool SeesPictures => false;

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_bert.Embeddings.WordVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var text = TextInput.Of(batch, Context);
        var pooled = _missing.Fill(_bert.Forward(text.Tokens, text.Visible).Pooled, batch.TextPresent);
        return new ModelOutput(_heads.Forward(pooled)) { TextEmbedding = pooled, JointEmbedding = pooled };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) => BertAttention.Describe(pass, flow);
}
