// Perceiver IO: a latent array reads picture and text together, one learned query per task asks it (arXiv 2107.14795).
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
/// Perceiver IO (Jaegle et al., "Perceiver IO: A General Architecture for Structured Inputs &amp; Outputs", arXiv 2107.14795). The cells of
/// the picture and the tokens of the text, each with its position, are padded with learned vectors to one width and joined; N latent
/// vectors read them by cross-attention and pass through shared blocks of self-attention; the output queries read the latents. The papers
/// classify pictures, or texts, with one query; one learned query per product task is Duet's use of the same decoder.
/// A missing picture or text is replaced by the modality's learned mask token, as the paper masks a modality: at every cell of the picture,
/// at the first position of the text. Padding after a text is hidden from the latents.
/// </summary>
public sealed class PerceiverIo : ProductModel
{
    private const string ImageName = "image";
    private const string TextName = "text";

    private readonly PerceiverImageReader _image;
    private readonly PerceiverTextReader _text;
    private readonly ModalityPadding _padding;
    private readonly LatentEncoder _encoder;
    private readonly LatentDecoder _decoder;
    private readonly ModuleList<TaskHead> _heads = new();

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public PerceiverIo(PerceiverIoOptions options, ModelContext context)
        : base(options, context)
    {
        _image = Add("image", new PerceiverImageReader(options.Image));
        _text = Add("text", new PerceiverTextReader(context.VocabularySize, options.ContextLength, options.TextWidth));
        var channels = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            [ImageName] = _image.Options.TokenChannels,
            [TextName] = _text.Width,
        };
        _padding = Add("padding", new ModalityPadding(channels, options.MinimumPadding, channels.Keys));
        _encoder = Add("encoder", new LatentEncoder(options.Encoder(_padding.Width)));
        _decoder = Add("decoder", new LatentDecoder(context.Tasks.Count, options.Decoder));
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _heads.Append(new TaskHead(options.QueryWidth, options.HeadWidth, task.Classes.Count, options.HeadDropout));
        }
    }

    /// <summary>Perceiver IO in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "perceiver-io",
            "Perceiver IO",
            "arXiv 2107.14795",
            new Dictionary<string, PerceiverIoOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 32,
                    ContextLength = 24,
                    ImageWidth = 32,
                    FourierBands = 6,
                    TextWidth = 64,
                    Latents = 16,
                    LatentWidth = 64,
                    ReadHeads = 2,
                    ReadChannels = 64,
                    Blocks = 1,
                    LayersPerBlock = 2,
                    Heads = 2,
                    QueryWidth = 64,
                    Dropout = 0.1,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    FourierBands = 8,
                    TextWidth = 160,
                    Latents = 48,
                    LatentWidth = 160,
                    Reads = 2,
                    ReadHeads = 4,
                    ReadChannels = 160,
                    Blocks = 2,
                    LayersPerBlock = 2,
                    Heads = 4,
                    WideningFactor = 2,
                    QueryWidth = 160,
                    QueryHeads = 4,
                    HeadDropout = 0.2,
                    Dropout = 0.1,
                },
                ["imagenet-convolution"] = new(),
                ["imagenet-fourier"] = new() { ImageReading = PerceiverImageReading.Pixels, ImageDownsample = 1 },
                ["imagenet-learned"] = new()
                {
                    ImageReading = PerceiverImageReading.PointConvolution,
                    ImageDownsample = 1,
                    ImageWidth = 256,
                    ImagePositions = PerceiverPositions.Learned,
                },
                ["multimodal"] = new()
                {
                    ImageReading = PerceiverImageReading.Patches,
                    FourierBands = 64,
                    MinimumPadding = 4,
                    Latents = 784,
                    LatentWidth = 512,
                    Blocks = 1,
                    LayersPerBlock = 8,
                    QueryWidth = 512,
                    QueryResidual = false,
                },
            },
            (options, context) => new PerceiverIo(options, context)
        );

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_text.TokenVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var (cells, length) = (_image.Cells, batch.TokenIds.size(1));

        // Every modality as tokens with positions, padded to one width; what is missing gives way to its mask token.
        var input = _padding.Forward(
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                [ImageName] = PictureFeatures.OfPresent(
                    batch.Pixels,
                    batch.ImagePresent,
                    training,
                    [cells, _image.Options.TokenChannels],
                    _image.Forward
                ),
                [TextName] = _text.Forward(batch.TokenIds),
            },
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                [ImageName] = batch.ImagePresent.logical_not().unsqueeze(1).expand(-1, cells),
                [TextName] = batch.TextPresent.logical_not().unsqueeze(1).expand(-1, length),
            }
        );

        // The latents read the input and refine themselves; each task's query reads the latents.
        var latents = _encoder.Forward(input, Visible(batch, cells));
        var answers = _decoder.Forward(latents);
        return new ModelOutput([.. _heads.Select((head, task) => head.Forward(answers.select(1, task)))])
        {
            JointEmbedding = latents.mean([1]).to(ScalarType.Float32),
        };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) =>
        PerceiverIoAttention.Describe(pass, flow, _image.Options.Grid, Context.Tasks.Count);

    // The first text position is always seen: it holds the start token or, where the text is missing, the mask token.
    private static Tensor Visible(Batch batch, long cells)
    {
        var first = Tensors.Range(0, batch.TokenIds.size(1), device: batch.TokenIds.device).EqualTo(0);
        var text = batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1)).logical_or(first);
        var image = ones([batch.Size, cells], dtype: ScalarType.Bool, device: batch.TokenIds.device);
        return cat([image, text], 1);
    }
}
