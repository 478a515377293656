// Kaleido-BERT's network: words and five grids of patches through one BERT, with its pre-training heads.
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Kaleido-BERT (Zhuge et al., arXiv 2103.16110; mczhuge/Kaleido-BERT, modeling_kaleidobert.py): the words, then the patches of five
/// levels. Every level has its own projection, segment table and layer norm; one 5 x D matrix turns places <c>(x1, x2, y1, y2, w h)</c>
/// into vectors.
/// </summary>
public sealed class KaleidoNetwork : Module
{
    private const int PlaceNumbers = 5;
    private readonly KaleidoShape _shape;
    private readonly Tensor _place;
    private readonly ModuleList<PatchEmbeddings> _levels = new();
    private readonly MaskedLanguageHead _words;
    private readonly Linear _match;
    private readonly Linear _rotation;
    private readonly Linear _jigsaw;
    private readonly Linear _camouflage;
    private readonly Linear _grey;
    private readonly Linear _blank;

    /// <summary>Creates the network.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public KaleidoNetwork(KaleidoShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        _shape = shape;
        var width = shape.Bert.Width;
        Bert = Add("bert", new BertEncoder(shape.Bert));
        _place = AddParameter("place", Tensors.Normal([PlaceNumbers, width], 0, 0.02));
        Add("levels", _levels);
        foreach (var _ in shape.Patches)
        {
            _levels.Append(new PatchEmbeddings(shape.Bert, shape.FeatureWidth, shape.PatchSegments));
        }

        _words = Add("words", new MaskedLanguageHead(shape.Bert));
        _match = Add("match", new Linear(width, 2));
        _rotation = Add("rotation", new Linear(width * Count(KaleidoLevel.Rotation), shape.RotationClasses));
        _jigsaw = Add("jigsaw", new Linear(width * Count(KaleidoLevel.Jigsaw), shape.JigsawClasses));
        _camouflage = Add("camouflage", new Linear(width * Count(KaleidoLevel.Camouflage), shape.CamouflageClasses));
        _grey = Add("grey", new Linear(width, shape.FeatureWidth, bias: false));
        _blank = Add("blank", new Linear(width, shape.FeatureWidth, bias: false));
    }

    /// <summary>The joint encoder.</summary>
    public BertEncoder Bert { get; }

    /// <summary>All patches of a picture.</summary>
    public int PatchCount => _shape.Patches.Sum();

    /// <summary>The patches of a level.</summary>
    public int Count(KaleidoLevel level) => _shape.Patches[(int)level];

    /// <summary>One level's part of the input, <c>[B, P, D]</c>.</summary>
    /// <param name="level">The level.</param>
    /// <param name="features">Its patches' features, <c>[B, P, F]</c>.</param>
    /// <param name="places">Where they are, broadcast to <c>[B, P, 5]</c>: x1, x2, y1, y2, width times height.</param>
    public Tensor Embed(KaleidoLevel level, Tensor features, Tensor places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return _levels[(int)level].Forward(features, (int)level + 1, places.to(ScalarType.Float32).matmul(_place));
    }

    /// <summary>Reads words and patches.</summary>
    /// <param name="words">Embedded words, <c>[B, L, D]</c>: the encoder's <see cref="BertEmbeddings.Forward"/>.</param>
    /// <param name="wordsVisible">1 where a word may be attended to, <c>[B, L]</c>.</param>
    /// <param name="levels">The five embedded levels: <see cref="Embed"/>.</param>
    /// <param name="imagePresent">1 where there is a picture, <c>[B]</c>; null as published: patches are always visible.</param>
    public BertOutput Encode(Tensor words, Tensor wordsVisible, IReadOnlyList<Tensor> levels, Tensor? imagePresent = null)
    {
        ArgumentNullException.ThrowIfNull(wordsVisible);
        var patches = imagePresent is null
            ? ones([wordsVisible.size(0), PatchCount], dtype: ScalarType.Float32, device: wordsVisible.device)
            : imagePresent.to(ScalarType.Float32).unsqueeze(1).expand(-1, PatchCount);
        var visible = cat([wordsVisible.to(ScalarType.Float32), patches], 1);
        return Bert.Encode(cat([words, .. levels], 1), visible);
    }

    /// <summary>The states of one level's patches, <c>[B, P, D]</c>.</summary>
    /// <param name="hidden">States of the whole sequence, <c>[B, L + 55, D]</c>.</param>
    /// <param name="level">The level.</param>
    public Tensor StatesOf(Tensor hidden, KaleidoLevel level)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var before = _shape.Patches.Take((int)level).Sum();
        return hidden.narrow(1, hidden.size(1) - PatchCount + before, Count(level));
    }

    /// <summary>AMLM: scores of all words, <c>[..., D] -> [..., V]</c>.</summary>
    public Tensor WordLogits(Tensor hidden) => _words.Forward(hidden, Bert.Embeddings.WordTable);

    /// <summary>ITM: scores of "does not belong" and "belongs together", <c>[B, D] -> [B, 2]</c>.</summary>
    public Tensor MatchLogits(Tensor pooled) => _match.Forward(pooled);

    /// <summary>RR: scores of the turns, from the states of the whole sequence: <c>[B, 4]</c>.</summary>
    public Tensor RotationLogits(Tensor hidden) => _rotation.Forward(StatesOf(hidden, KaleidoLevel.Rotation).flatten(1));

    /// <summary>JPS: scores of the orders, <c>[B, 24]</c>.</summary>
    public Tensor JigsawLogits(Tensor hidden) => _jigsaw.Forward(StatesOf(hidden, KaleidoLevel.Jigsaw).flatten(1));

    /// <summary>CP: scores of the places, <c>[B, 9]</c>.</summary>
    public Tensor CamouflageLogits(Tensor hidden) => _camouflage.Forward(StatesOf(hidden, KaleidoLevel.Camouflage).flatten(1));

    /// <summary>G2CM: features of greyed patches, <c>[B * N, F]</c>.</summary>
    /// <param name="hidden">States of the whole sequence.</param>
    /// <param name="positions">The greyed patches' places in their level, <c>[B, N]</c>.</param>
    public Tensor GreyLogits(Tensor hidden, Tensor positions) =>
        _grey.Forward(SequenceRows.Gathered(StatesOf(hidden, KaleidoLevel.Grey), positions));

    /// <summary>B2CM: features of blanked patches, <c>[B * N, F]</c>.</summary>
    /// <param name="hidden">States of the whole sequence.</param>
    /// <param name="positions">The blanked patches' places in their level, <c>[B, N]</c>.</param>
    public Tensor BlankLogits(Tensor hidden, Tensor positions) =>
        _blank.Forward(SequenceRows.Gathered(StatesOf(hidden, KaleidoLevel.Blank), positions));
}
