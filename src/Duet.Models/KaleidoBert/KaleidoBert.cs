// Kaleido-BERT: words and five grids of patches through one BERT, pre-trained with seven tasks (arXiv 2103.16110).
using Duet.Models.Attention;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Kaleido-BERT (Zhuge et al., "Kaleido-BERT: Vision-Language Pre-training on Fashion Domain", arXiv 2103.16110). The picture is cut into
/// 1x1 to 5x5 cells; a residual network, trained along, turns each into features; words and the 55 patches go through one BERT; the pooled
/// [CLS] goes into a classifier per task. Pre-training is the plain sum of seven tasks: masked words, matching, and one per level
/// (rotation, jigsaw, camouflage, grey to colour, blank to colour). A missing picture or text is hidden from attention.
/// </summary>
public sealed class KaleidoBert : ProductModel
{
    private const int MaxWordsInCode = 10;
    private readonly KaleidoBertOptions _options;
    private readonly ResNet _image;
    private readonly KaleidoNetwork _network;
    private readonly TaskHeads _heads;

    /// <summary>Creates the model with random weights.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public KaleidoBert(KaleidoBertOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        _image = Add("image", new ResNet(options.Image));
        _network = Add(
            "network",
            new KaleidoNetwork(new KaleidoShape(options.Text.Of(context.VocabularySize, context.PaddingId), options.Image.OutputChannels))
        );
        _heads = Add("heads", new TaskHeads(context, options.Text.Width, options.HeadWidth, options.HeadDropout));
    }

    /// <summary>Kaleido-BERT in the registry, with its presets.</summary>
    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "kaleidobert",
            "Kaleido-BERT",
            "arXiv 2103.16110; mczhuge/Kaleido-BERT",
            new Dictionary<string, KaleidoBertOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new()
                {
                    ImageSize = 48,
                    ContextLength = 24,
                    HeadWidth = 64,
                    HeadDropout = 0,
                    PatchSize = 16,
                    Text = BertTowerOptions.Tiny,
                    Image = ResNetOptions.Tiny,
                },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    PatchSize = 16,
                    Text = BertTowerOptions.Small,
                    Image = ResNetOptions.Small,
                },
                ["base"] = new()
                {
                    ContextLength = 64,
                    Text = new() { Activation = Activation.GeluTanh },
                },
            },
            (options, context) => new KaleidoBert(options, context)
        ) with
        {
            Towers = OneStreamTowers.Of<KaleidoBertOptions>("image.", new TowerSlot(TowerKind.KaleidoBertStage, "network.")),
        };

    /// <summary>Guides the masking of pre-training in the paper's form; null masks at random. It stays the caller's.</summary>
    public IAlignment? Alignment { get; set; }

    /// <inheritdoc/>
    public override bool CanPretrain => Context.MaskId >= 0;

    /// <inheritdoc/>
    public override int LayerCount => _options.Text.Layers + 1;

    /// <summary>The sum of the seven tasks on the rows that have picture and text.</summary>
    public override Tensor PretrainingLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var pairs = batch.Select(batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1));
        if (pairs.Size == 0)
        {
            return PretrainingLosses.Nothing(this);
        }

        // Half of the products show another one's picture; alignment is only about those that show their own.
        var paper = _options.Form == KaleidoForm.Paper;
        var text = TextInput.Of(pairs, Context);
        var matching = MatchingPairs.Draw(pairs.Size, pairs.Pixels.device);
        var guide = new AlignmentGuidedMasking(
            paper ? Alignment?.Align(pairs) : null,
            text.Content.logical_and(matching.Matches.unsqueeze(1))
        );
        var puzzle = KaleidoPuzzle.Draw(pairs.Pixels.index_select(0, matching.Partner), guide, _options);
        var masking = TokenMasking.Draw(text.Tokens, text.Content, Context, guide.WordPriority, paper ? int.MaxValue : MaxWordsInCode);

        var features = Features(puzzle.Patches);
        var levels = Split(features);
        var blank = levels[(int)KaleidoLevel.Blank];
        levels[(int)KaleidoLevel.Blank] = SequenceRows.Zeroed(blank, puzzle.BlankPlaces);
        var output = Read(masking.Tokens, text.Visible, levels, pairs.ImagePresent);
        return matching
            .Loss(_network.MatchLogits(output.Pooled))
            .Plus(masking.Loss(output.Hidden.narrow(1, 0, text.Tokens.size(1)), text.Tokens, _network.WordLogits))
            .Plus(PuzzleLosses(output.Hidden, puzzle))
            .Plus(GreyLoss(output.Hidden, puzzle.GreyPlaces, features.narrow(1, _network.PatchCount, _options.GreyPatches).detach()))
            .Plus(
                PretrainingLosses.FeatureDivergence(
                    _network.BlankLogits(output.Hidden, puzzle.BlankPlaces).to(ScalarType.Float32),
                    SequenceRows.Gathered(blank.detach(), puzzle.BlankPlaces)
                )
            );
    }

    /// <inheritdoc/>
    public override int LayerOf(string parameter) => TowerLayers.LayerOf(parameter, LayerCount, "network.bert.");

    /// <inheritdoc/>
    public override bool IsBackbone(string parameter) => TowerLayers.IsIn(parameter, "network.bert.", "image.");

    /// <inheritdoc/>
    public override TokenTable? Tokens => new(_network.Bert.Embeddings.WordVectors);

    /// <inheritdoc/>
    protected override ModelOutput Classify(Batch batch)
    {
        var text = TextInput.Of(batch, Context);
        var levels = Split(
            PictureFeatures.OfPresent(
                batch.Pixels,
                batch.ImagePresent,
                training,
                [_network.PatchCount, _options.Image.OutputChannels],
                pixels => Features(KaleidoPuzzle.Whole(pixels, _options.PatchSize))
            )
        );
        var pooled = Read(text.Tokens, text.Visible, levels, batch.ImagePresent).Pooled.to(ScalarType.Float32);
        return new ModelOutput(_heads.Forward(pooled)) { JointEmbedding = pooled };
    }

    /// <inheritdoc/>
    protected override void Describe(RecordedPass pass, AttentionFlow flow) => KaleidoBertAttention.Describe(pass, flow, _network);

    // Which turn, which order, which patch is foreign.
    private Tensor PuzzleLosses(Tensor hidden, KaleidoPuzzle puzzle)
    {
        var loss = Functional
            .CrossEntropy(_network.RotationLogits(hidden).to(ScalarType.Float32), puzzle.RotationLabels)
            .Plus(Functional.CrossEntropy(_network.JigsawLogits(hidden).to(ScalarType.Float32), puzzle.JigsawLabels));
        return puzzle.CamouflageLabels is null
            ? loss
            : loss.Plus(Functional.CrossEntropy(_network.CamouflageLogits(hidden).to(ScalarType.Float32), puzzle.CamouflageLabels));
    }

    private Tensor GreyLoss(Tensor hidden, Tensor places, Tensor targets)
    {
        var logits = _network.GreyLogits(hidden, places).to(ScalarType.Float32);
        return _options.Form == KaleidoForm.Paper
            ? PretrainingLosses.FeatureDivergence(logits, targets.flatten(0, 1))
            : PretrainingLosses.FlatFeatureDivergence(logits, targets.flatten(1));
    }

    private BertOutput Read(Tensor tokens, Tensor visible, IReadOnlyList<Tensor> levels, Tensor imagePresent)
    {
        var embedded = levels
            .Select((features, level) => _network.Embed((KaleidoLevel)level, features, Places(level + 1, features.device)))
            .ToArray();
        return _network.Encode(_network.Bert.Embeddings.Forward(tokens), visible, embedded, imagePresent);
    }

    // Patches [B, N, 3, P, P] to features [B, N, F].
    private Tensor Features(Tensor patches) =>
        _image.Pool(patches.flatten(0, 1)).to(ScalarType.Float32).reshape(patches.size(0), patches.size(1), -1);

    private Tensor[] Split(Tensor features)
    {
        var levels = new Tensor[KaleidoPatches.Levels];
        long start = 0;
        for (var level = 0; level < levels.Length; level++)
        {
            var count = _network.Count((KaleidoLevel)level);
            levels[level] = features.narrow(1, start, count);
            start += count;
        }

        return levels;
    }

    // x1, x2, y1, y2, width times height, as shares of the picture.
    private static Tensor Places(int grid, Device device) =>
        PictureFeatures.Boxes(grid, device).index_select(1, Tensors.From<long>([0, 2, 1, 3, 4], 5).to(device));
}
