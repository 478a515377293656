// EmbraceNet: every joint feature is taken from one modality drawn at random, so that any of them may be missing (arXiv 1904.09078).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// EmbraceNet (Choi and Lee, "EmbraceNet: A robust deep learning architecture for multimodal classification", arXiv 1904.09078). A residual
/// network reads the picture and BERT or T5 the text; each categorical feature column is a modality of its own, one-hot. A docking layer
/// brings each modality to c features; the embracement takes every feature from one of the available modalities, drawn again for each
/// product and feature; each task classifies the joint vector. A missing picture or text has availability 0 and is never drawn; a feature
/// column is always there, for "unknown" is one of its values. With nothing at all the joint vector is zero and the answer is the
/// classifiers' bias.
/// </summary>
public sealed class EmbraceNet : ProductModel
{
    private readonly EmbraceNetOptions _options;
    private readonly ResNet _image;
    private readonly BertEncoder? _bert;
    private readonly T5Encoder? _t5;
    private readonly int[] _featureSizes;
    private readonly EmbracementFusion _fusion;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public EmbraceNet(EmbraceNetOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        _image = Add("image", new ResNet(options.Image));
        _bert =
            options.TextEncoder == EmbraceTextEncoder.Bert
                ? Add("text", new BertEncoder(options.Text.Of(context.VocabularySize, context.PaddingId)))
                : null;
        _t5 = options.TextEncoder == EmbraceTextEncoder.T5 ? Add("text", new T5Encoder(options.T5, context.VocabularySize)) : null;
        _featureSizes = [.. context.Features.Select(feature => feature.Values.Count)];
        OptionException.Require(
            options.SelectionProbabilities.Count <= 2 + _featureSizes.Length,
            $"selection_probabilities has {options.SelectionProbabilities.Count} values for picture, text and {_featureSizes.Length} "
                + $"feature columns."
        );
        var width = _t5 is null ? options.Text.Width : options.T5.Width;
        var textWidth = options.TextPooling == EmbraceTextPooling.Flatten ? (long)options.ContextLength * width : width;
        _fusion = Add(
            "fusion",
            new EmbracementFusion([options.Image.OutputChannels, textWidth, .. _featureSizes], options.EmbracementSize)
        );
        _heads = Add("heads", new TaskHeads(context, options.EmbracementSize, options.HeadWidth, options.HeadDropout));
        if (options.FreezeText)
        {
            TextTower.SetTrainable(false);
        }
    }

    /// <summary>EmbraceNet in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "embracenet",
            "EmbraceNet",
            "arXiv 1904.09078; GLAMI-1M's arrangement: arXiv 2211.14451",
            new Dictionary<string, EmbraceNetOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    Tokenizer = "clip-bpe",
                    ImageSize = 32,
                    ContextLength = 24,
                    Image = ResNetOptions.Tiny,
                    Text = BertTowerOptions.Tiny,
                    EmbracementSize = 64,
                    ModalityDropout = 0.25,
                },
                ["small"] = new()
                {
                    Tokenizer = "clip-bpe",
                    ImageSize = 96,
                    ContextLength = 32,
                    Image = ResNetOptions.Small,
                    Text = BertTowerOptions.Small,
                    EmbracementSize = 256,
                    HeadDropout = 0.2,
                },
                ["base"] = new(),

                // Pictures keep their values in [0, 1] and are squashed (there to 228 x 298, here to a square); 32 tokens of a frozen
                // mT5-small, those behind the text zero, flattened; no modality dropout (glami/glami-1m). The third modality, the source of
                // a row's label, is a feature column: --feature label_source.
                ["glami-1m"] = new()
                {
                    Tokenizer = Unigram.T5KindName,
                    ImageSize = 256,
                    ContextLength = 32,
                    PixelMean = [0, 0, 0],
                    PixelDeviation = [1, 1, 1],
                    Preprocessing = new() { Resize = ResizeMode.Squash, Interpolation = Interpolation.Bilinear },
                    Image = ResNetOptions.ResNeXt50,
                    TextEncoder = EmbraceTextEncoder.T5,
                    T5 = new(),
                    TextPooling = EmbraceTextPooling.Flatten,
                    FreezeText = true,
                    ModalityDropout = 0,
                },
            },
            (options, context) => new EmbraceNet(options, context)
        ) with
        {
            TakesFeatures = true,
            Towers = EmbraceNetTowers.All,
        };

    /// <inheritdoc/>
    public override int LayerCount => Math.Max(_options.Image.Blocks.Count, _t5 is null ? _options.Text.Layers : _options.T5.Layers) + 1;

    /// <inheritdoc/>
    public override int LayerOf(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        const string Stage = "image.layer";
        if (parameter.StartsWith(Stage, StringComparison.Ordinal))
        {
            return parameter[Stage.Length] - '0';
        }

        return TowerLayers.LayerOf(parameter, LayerCount, "image.", "text.");
    }

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "image.", "text.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_bert?.Embeddings.WordVectors ?? _t5!.WordVectors);

    private Module TextTower => (Module?)_bert ?? _t5!;

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        // Each modality alone, then docked to c features.
        var image = PictureFeatures.Map(_image, batch.Pixels, batch.ImagePresent).flatten(2).mean([2]);
        var docked = _fusion.Dock([image, TextFeatures(batch), .. OneHots(batch)]);

        // Which modalities may be drawn, and the draw.
        var always = ones([batch.Size], dtype: ScalarType.Bool, device: batch.Pixels.device);
        var availabilities = stack([batch.ImagePresent, batch.TextPresent, .. Enumerable.Repeat(always, _featureSizes.Length)], 1);
        var available = training ? Embracement.DropModalities(availabilities, _options.ModalityDropout) : availabilities;
        float[] wanted = [.. _options.SelectionProbabilities.Select(probability => (float)probability)];
        var selection = Tensors.From(
            [.. wanted, .. Enumerable.Repeat(1f, 2 + _featureSizes.Length - wanted.Length)],
            2 + _featureSizes.Length
        );
        var probabilities = Embracement.Probabilities(available, selection.to(batch.Pixels.device));
        var embraced =
            training || _options.SampleInEvaluation
                ? _fusion.Sample(docked, probabilities)
                : EmbracementFusion.Expect(docked, probabilities);

        return new ModelOutput(_heads.Forward(embraced))
        {
            ImageEmbedding = docked[0].to(ScalarType.Float32),
            TextEmbedding = docked[1].to(ScalarType.Float32),
            JointEmbedding = embraced.to(ScalarType.Float32),
        };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        EmbraceNetAttention.Describe(pass, flow, InputOf(pass.Batch).Visible, _options.TextPooling);

    private IEnumerable<Tensor> OneHots(Batch batch)
    {
        if (_featureSizes.Length == 0)
        {
            return [];
        }

        var ids =
            batch.Features
            ?? throw new ArgumentException(
                $"The batch has no features; the model was built for "
                    + $"{string.Join(", ", Context.Features.Select(feature => feature.Column))}.",
                nameof(batch)
            );
        return _featureSizes.Select((size, column) => nn.functional.one_hot(ids.select(1, column), size).to(ScalarType.Float32));
    }

    private Tensor TextFeatures(Batch batch)
    {
        // Outside training there is nothing to freeze, and explanations need gradients of the inputs.
        if (!_options.FreezeText || !training)
        {
            return Pooled(batch);
        }

        // Frozen means frozen: no dropout either.
        using var recording = no_grad();
        TextTower.eval();
        return Pooled(batch);
    }

    private TextInput InputOf(Batch batch) => _t5 is null ? TextInput.Of(batch, Context) : TextInput.WithoutStart(batch, Context);

    private Tensor Pooled(Batch batch)
    {
        var input = InputOf(batch);
        var output = _bert?.Forward(input.Tokens, input.Visible);
        var hidden = output?.Hidden ?? _t5!.Forward(input.Tokens, input.Visible);
        if (_options.TextPooling == EmbraceTextPooling.FirstToken)
        {
            return output!.Pooled;
        }

        var tokens = hidden.MaskedFill(input.Visible.logical_not().unsqueeze(2), 0);
        var (rows, missing) = (tokens.size(0), _options.ContextLength - tokens.size(1));
        var behind = zeros([rows, missing, tokens.size(2)], dtype: tokens.dtype, device: tokens.device);
        return cat([tokens, behind], 1).flatten(1);
    }
}
