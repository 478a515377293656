// VisualBERT's input: words, then image regions, in one sequence.
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// VisualBERT's embeddings (Li et al., arXiv 1908.03557; uclanlp/visualbert, modeling.py): a region's vector is its projected feature + a
/// segment vector of its own table + row 0 of a position table of its own; where regions are aligned with words, the mean of those words'
/// TEXT position vectors is added. One layer norm runs over the joined sequence.
/// </summary>
public sealed class VisualEmbeddings : Module
{
    private const long NoWord = -1;
    private readonly BertEmbeddings _text;
    private readonly Linear _projection;
    private readonly Embedding _segments;
    private readonly Embedding _positions;

    /// <summary>Creates the embeddings around the text's.</summary>
    /// <param name="text">The text's tables; they stay the encoder's and are not registered here.</param>
    /// <param name="options">The encoder's shape.</param>
    /// <param name="featureWidth">Numbers F per region feature.</param>
    public VisualEmbeddings(BertEmbeddings text, BertOptions options, int featureWidth)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureWidth, 1);
        _text = text;
        _projection = Add("projection", new Linear(featureWidth, options.Width));
        _segments = Add("token_type_embeddings_visual", new Embedding(options.SegmentCount, options.Width));
        _positions = Add("position_embeddings_visual", new Embedding(options.MaximumLength, options.Width));
    }

    /// <summary>Words and regions to one normalised sequence <c>[B, L + R, D]</c>.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="segments">Segment ids of the words, <c>[B, L]</c>; null for 0.</param>
    /// <param name="regions">Region features, <c>[B, R, F]</c>.</param>
    /// <param name="regionSegments">Segment ids of the regions, <c>[B, R]</c>; null for 0.</param>
    /// <param name="alignment">Text positions each region belongs to, <c>[B, R, A]</c>, -1 for none; null for no alignment at all.</param>
    public Tensor Forward(Tensor tokens, Tensor? segments, Tensor regions, Tensor? regionSegments = null, Tensor? alignment = null)
    {
        ArgumentNullException.ThrowIfNull(regions);
        var types = regionSegments is null ? _segments.Weight.select(0, 0) : _segments.Forward(regionSegments);
        var visual = _projection.Forward(regions).Plus(types).Plus(_positions.Weight.select(0, 0));
        if (alignment is not null)
        {
            visual = visual.Plus(AlignedPositions(alignment.narrow(1, 0, regions.size(1))));
        }

        return _text.Normalise(cat([_text.Sum(tokens, segments), visual], 1));
    }

    /// <summary>Starts the visual tables as copies of the text's, as the published code does before training.</summary>
    public void CopyTextTables()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _positions.Weight.copy_(_text.Positions(_positions.Weight.size(0)));
        var rows = Enumerable.Range(0, (int)_segments.Weight.size(0)).Select(row => _text.Segment(row)).ToArray();
        _segments.Weight.copy_(stack(rows, 0));
    }

    private Tensor AlignedPositions(Tensor alignment)
    {
        var known = alignment.NotEqualTo(NoWord).to(ScalarType.Float32);
        var words = _text.PositionsOf(alignment.Clamp(0).to(ScalarType.Int64)) * known.unsqueeze(-1);
        return words.sum(2) / known.sum(2).Clamp(1).unsqueeze(-1);
    }
}
