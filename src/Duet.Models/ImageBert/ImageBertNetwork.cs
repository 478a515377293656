// ImageBERT's network: words and image regions through one BERT, with its pre-training heads.
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// ImageBERT (Qi et al., arXiv 2001.07966, section 3): words with their own embeddings and norm, then regions with theirs. A region's
/// vector is its projected feature + a segment vector + its place: a projected box <c>(x1/W, y1/H, x2/W, y2/H, area share)</c> and one
/// position vector for all regions in the paper, a position vector per grid patch in EasyTransfer.
/// </summary>
public sealed class ImageBertNetwork : Module
{
    /// <summary>Numbers that describe a region's box.</summary>
    public const int BoxNumbers = 5;

    private const int RegionSegment = 1;
    private readonly ImageBertShape _shape;
    private readonly PatchEmbeddings _regions;
    private readonly Linear? _boxes;
    private readonly Embedding _positions;
    private readonly MaskedLanguageHead _words;
    private readonly Linear _match;
    private readonly Linear _features;
    private readonly Linear? _objects;

    /// <summary>Creates the network.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public ImageBertNetwork(ImageBertShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        _shape = shape;
        var paper = shape.Form == ImageBertForm.Paper;
        var width = shape.Bert.Width;
        Bert = Add("bert", new BertEncoder(shape.Bert));
        _regions = Add("regions", new PatchEmbeddings(shape.Bert, shape.FeatureWidth, shape.RegionSegments, bias: paper));
        _boxes = paper ? Add("boxes", new Linear(BoxNumbers, width)) : null;
        _positions = Add("positions", new Embedding(paper ? 1 : shape.MaximumRegions, width));
        _words = Add("words", new MaskedLanguageHead(shape.Bert));
        _match = Add("match", new Linear(width, 2));
        _features = Add("features", new Linear(width, shape.FeatureWidth, bias: paper));
        _objects = shape.ObjectClasses > 0 ? Add("objects", new Linear(width, shape.ObjectClasses)) : null;
    }

    /// <summary>The joint encoder.</summary>
    public BertEncoder Bert { get; }

    /// <summary>The regions' part of the input, <c>[B, R, D]</c>.</summary>
    /// <param name="regions">Region features, <c>[B, R, F]</c>.</param>
    /// <param name="boxes">Their boxes as shares of the picture, broadcast to <c>[B, R, 5]</c>; needed in the paper's form, unused in the
    /// other.</param>
    /// <exception cref="ArgumentException">There are more regions than positions, or boxes are missing.</exception>
    public Tensor EmbedRegions(Tensor regions, Tensor? boxes)
    {
        ArgumentNullException.ThrowIfNull(regions);
        if (_boxes is not null)
        {
            ArgumentNullException.ThrowIfNull(boxes);
            return _regions.Forward(regions, RegionSegment, _boxes.Forward(boxes).Plus(_positions.Weight.select(0, 0)));
        }

        var count = regions.size(1);
        if (count > _shape.MaximumRegions)
        {
            throw new ArgumentException($"{count} patches do not fit into {_shape.MaximumRegions} positions.", nameof(regions));
        }

        return _regions.Forward(regions, RegionSegment, _positions.Weight.narrow(0, 0, count));
    }

    /// <summary>Reads words and regions.</summary>
    /// <param name="words">Embedded words, <c>[B, L, D]</c>: the encoder's <see cref="BertEmbeddings.Forward"/>.</param>
    /// <param name="wordsVisible">1 where a word may be attended to, <c>[B, L]</c>.</param>
    /// <param name="regions">Embedded regions, <c>[B, R, D]</c>: <see cref="EmbedRegions"/>.</param>
    /// <param name="regionsVisible">1 where a region may be attended to, <c>[B, R]</c>.</param>
    public BertOutput Encode(Tensor words, Tensor wordsVisible, Tensor regions, Tensor regionsVisible) =>
        Bert.Encode(cat([words, regions], 1), cat([wordsVisible, regionsVisible], 1));

    /// <summary>MLM: scores of all words, <c>[..., D] -> [..., V]</c>.</summary>
    public Tensor WordLogits(Tensor hidden) => _words.Forward(hidden, Bert.Embeddings.WordTable);

    /// <summary>ITM: scores of "does not belong" and "belongs together", <c>[B, D] -> [B, 2]</c>.</summary>
    public Tensor MatchLogits(Tensor pooled) => _match.Forward(pooled);

    /// <summary>MRFR (or EasyTransfer's masked patches): features of regions, <c>[..., D] -> [..., F]</c>.</summary>
    public Tensor FeatureLogits(Tensor hidden) => _features.Forward(hidden);

    /// <summary>MOC: scores of object classes, <c>[..., D] -> [..., C]</c>.</summary>
    /// <exception cref="InvalidOperationException">The network was made without object classes.</exception>
    public Tensor ObjectLogits(Tensor hidden) =>
        (_objects ?? throw new InvalidOperationException("This ImageBERT has no object classes.")).Forward(hidden);
}
