// Which system takes which tower, and where.
using Duet.Models.Encoders;

namespace Duet.Models.Pretrained;

/// <summary>The table of systems that can start from published weights. A new system is one entry here.</summary>
public static class PretrainedSystems
{
    private const int RandomFusionLayers = 4;

    /// <summary>Every such system.</summary>
    public static IReadOnlyList<PretrainedSystem> All { get; } =
    [
        PretrainedSystem.Of<CmaClipOptions>("cma-clip", Clip, options => new() { Clip = AsClip(options) }, ConfigureCmaClip),
        PretrainedSystem.Of<ClipOptions>("clip", Clip, options => new() { Clip = options }, ConfigureClip),
        PretrainedSystem.Of<CoCaOptions>(
            "coca",
            [new(TowerKind.CoCaImage, "visual."), new(TowerKind.CoCaText, "text."), new(TowerKind.CoCaDecoder, "text_decoder."), new(TowerKind.ClipScale, "contrastive.")],
            options => new() { CoCa = options },
            ConfigureCoCa),
        PretrainedSystem.Of<VitOptions>(
            "vit", [new(TowerKind.Vit, "visual."), new(TowerKind.VitPooler, "pooler.")], options => new() { Vit = options }, ConfigureVit),
        PretrainedSystem.Of<ResNetClassifierOptions>("resnet", [new(TowerKind.ResNet, "image.")], options => new() { ResNet = options.Image }, ConfigureResNet),
        PretrainedSystem.Of<BertTextOptions>("bert", [new(TowerKind.Bert, "bert.")], options => new() { Bert = AsBert(options.Text) }, ConfigureBert),
        PretrainedSystem.Of<EmbraceNetOptions>(
            "embracenet",
            [new(TowerKind.Bert, "text."), new(TowerKind.T5, "text."), new(TowerKind.ResNet, "image.")],
            DescribeEmbraceNet,
            ConfigureEmbraceNet),
        OneStream<MmbtOptions>("mmbt", "network.image."),
        OneStream<VisualBertOptions>("visualbert", "image.", new TowerSlot(TowerKind.VisualBertStage, "network.")),
        OneStream<ImageBertOptions>(
            "imagebert", "image.", new TowerSlot(TowerKind.ImageBertStage, "network."), new TowerSlot(TowerKind.ImageBertObjects, "objects.")),
        OneStream<KaleidoBertOptions>("kaleidobert", "image.", new TowerSlot(TowerKind.KaleidoBertStage, "network.")),
    ];

    /// <summary>Which systems there are and what they take, in words.</summary>
    public static string Listing => string.Join(
        "; ", All.Select(system => $"{system.Model} takes {string.Join(", ", system.Slots.Select(slot => Tower.Of(slot.Tower).Title))}")) + ".";

    private static TowerSlot[] Clip => [new(TowerKind.ClipImage, "visual."), new(TowerKind.ClipText, "text."), new(TowerKind.ClipScale, "contrastive.")];

    /// <summary>The entry of a system; null where it takes no towers.</summary>
    public static PretrainedSystem? Find(string model) => All.FirstOrDefault(system => string.Equals(system.Model, model, StringComparison.Ordinal));

    // What is left of the network after its towers comes last, and only a run of the same system has it: pre-training in stages.
    private static PretrainedSystem OneStream<TOptions>(string model, string image, params TowerSlot[] stage)
        where TOptions : OneStreamOptions
        => PretrainedSystem.Of<TOptions>(
            model,
            [new(TowerKind.Bert, "network.bert."), new(TowerKind.ResNet, image), .. stage],
            options => new() { Bert = AsBert(options.Text), ResNet = options.Image },
            (options, towers) => ConfigureOneStream(ConfigureBert(options, towers)) with { Image = towers.ResNet ?? options.Image });

    // The vocabulary is the run's tokenizer's and not in its options.
    private static BertOptions AsBert(BertTowerOptions text) => new(1, text.Width, text.Layers, text.Heads, text.MlpWidth)
    {
        MaximumLength = text.Positions,
        SegmentCount = text.Segments,
        Activation = text.Activation,
        NormEpsilon = text.NormEpsilon,
        Dropout = text.Dropout,
        AttentionDropout = text.AttentionDropout,
    };

    private static BertTowerOptions AsTower(BertOptions bert) => new()
    {
        Width = bert.Width,
        Layers = bert.Layers,
        Heads = bert.Heads,
        MlpWidth = bert.MlpWidth,
        Positions = bert.MaximumLength,
        Segments = bert.SegmentCount,
        Activation = bert.Activation,
        NormEpsilon = bert.NormEpsilon,
        Dropout = bert.Dropout,
        AttentionDropout = bert.AttentionDropout,
    };

    private static TOptions ConfigureBert<TOptions>(TOptions options, PretrainedTowers towers)
        where TOptions : BertSystemOptions
        => towers.Bert is not { } bert
            ? options
            : options with { ContextLength = Math.Min(options.ContextLength, bert.MaximumLength), Text = AsTower(bert) };

    // Picture and words lie in a segment each; RoBERTa's only one is widened when the weights are read.
    private static TOptions ConfigureOneStream<TOptions>(TOptions options)
        where TOptions : OneStreamOptions
        => options with { Text = options.Text with { Segments = Math.Max(options.Text.Segments, 2) } };

    private static PretrainedTowers DescribeEmbraceNet(EmbraceNetOptions options) => options.TextEncoder == EmbraceTextEncoder.T5
        ? new(TowerKind.T5, TowerKind.ResNet) { T5 = options.T5, ResNet = options.Image }
        : new(TowerKind.Bert, TowerKind.ResNet) { Bert = AsBert(options.Text), ResNet = options.Image };

    private static EmbraceNetOptions ConfigureEmbraceNet(EmbraceNetOptions options, PretrainedTowers towers)
    {
        var pictured = towers.ResNet is not { } network ? options : options with
        {
            Image = network,
            PixelMean = towers.PixelMean ?? options.PixelMean,
            PixelDeviation = towers.PixelDeviation ?? options.PixelDeviation,
        };
        return towers switch
        {
            { T5: { } t5 } => pictured with { TextEncoder = EmbraceTextEncoder.T5, T5 = t5, TextPooling = EmbraceTextPooling.Flatten },
            { Bert: { } bert } => pictured with
            {
                TextEncoder = EmbraceTextEncoder.Bert,
                ContextLength = Math.Min(options.ContextLength, bert.MaximumLength),
                Text = AsTower(bert),
            },
            _ => pictured,
        };
    }

    private static ResNetClassifierOptions ConfigureResNet(ResNetClassifierOptions options, PretrainedTowers towers) => towers.ResNet is not { } network ? options : options with
    {
        Image = network,
        PixelMean = towers.PixelMean ?? options.PixelMean,
        PixelDeviation = towers.PixelDeviation ?? options.PixelDeviation,
    };

    private static ClipOptions AsClip(CmaClipOptions options) => new()
    {
        ImageSize = options.ImageSize,
        ContextLength = options.ContextLength,
        PixelMean = options.PixelMean,
        PixelDeviation = options.PixelDeviation,
        Image = options.Image,
        Text = options.Text,
        JointWidth = options.JointWidth,
        Activation = options.Activation,
        NormEpsilon = options.NormEpsilon,
    };

    private static ClipOptions ConfigureClip(ClipOptions options, PretrainedTowers towers) => towers.Clip is not { } clip ? options : options with
    {
        Tower = clip.Tower,
        Image = clip.Image,
        ResNet = clip.ResNet,
        Text = clip.Text,
        JointWidth = clip.JointWidth,
        Activation = clip.Activation,
        NormEpsilon = clip.NormEpsilon,
        ImageSize = clip.ImageSize,
        ContextLength = clip.ContextLength,
        PixelMean = towers.PixelMean ?? clip.PixelMean,
        PixelDeviation = towers.PixelDeviation ?? clip.PixelDeviation,
    };

    private static CoCaOptions ConfigureCoCa(CoCaOptions options, PretrainedTowers towers) => towers.CoCa is not { } coca ? options : options with
    {
        Image = coca.Image,
        Text = coca.Text,
        TextMlpRatio = coca.TextMlpRatio,
        DecoderLayers = coca.DecoderLayers,
        DecoderHeads = coca.DecoderHeads,
        JointWidth = coca.JointWidth,
        Pooling = coca.Pooling,
        PoolerQueries = coca.PoolerQueries,
        PoolerHeads = coca.PoolerHeads,
        LegacyClassMask = coca.LegacyClassMask,
        Activation = coca.Activation,
        NormEpsilon = coca.NormEpsilon,
        ImageSize = coca.ImageSize,
        ContextLength = coca.ContextLength,
        PixelMean = towers.PixelMean ?? coca.PixelMean,
        PixelDeviation = towers.PixelDeviation ?? coca.PixelDeviation,
    };

    private static CmaClipOptions ConfigureCmaClip(CmaClipOptions options, PretrainedTowers towers)
    {
        if (towers.Clip is not { } clip)
        {
            return options;
        }

        var copied = options.FusionInitialization == FusionInitialization.TextTower;
        var fits = clip.JointWidth == clip.Text.Width;
        return clip.Tower != ImageTower.VisionTransformer
            ? throw new PretrainedException("CMA-CLIP needs a sequence of patches: its picture tower must be a vision transformer, and this checkpoint's is a modified ResNet. Train `clip` from it instead.")
            : options with
            {
                Image = clip.Image,
                Text = clip.Text,
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
                FusionHeads = HeadsOf(clip),

                // A copy of the text tower has to fit between the towers; where it does not, the transformer starts from random weights.
                FusionInitialization = copied && !fits ? FusionInitialization.Random : options.FusionInitialization,
                FusionLayers = copied ? Math.Min(options.FusionLayers, fits ? clip.Text.Layers : RandomFusionLayers) : options.FusionLayers,
                ImageSize = clip.ImageSize,
                ContextLength = clip.ContextLength,
                PixelMean = towers.PixelMean ?? clip.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? clip.PixelDeviation,
            };
    }

    // The sequence-wise transformer has the text tower's heads where it has its width (it may be copied from it), else heads of 64 channels.
    private static int HeadsOf(ClipOptions clip)
        => clip.JointWidth == clip.Text.Width ? clip.Text.Heads : clip.JointWidth % 64 == 0 ? clip.JointWidth / 64 : 1;

    private static VitOptions ConfigureVit(VitOptions options, PretrainedTowers towers) => towers.Vit is not { } vit ? options : options with
    {
        Image = vit.Image,
        Activation = vit.Activation,
        NormEpsilon = vit.NormEpsilon,
        ImageSize = vit.ImageSize,
        PixelMean = towers.PixelMean ?? vit.PixelMean,
        PixelDeviation = towers.PixelDeviation ?? vit.PixelDeviation,
    };
}
