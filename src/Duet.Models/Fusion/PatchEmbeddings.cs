// Image patches (or regions) as a part of a one-stream sequence.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Fusion;

/// <summary>
/// The image part of ImageBERT and Kaleido-BERT: projected features + the vector of a segment + vectors that say where the patches are,
/// then a layer norm of its own (Qi et al., arXiv 2001.07966; Zhuge et al., arXiv 2103.16110).
/// </summary>
public sealed class PatchEmbeddings : Module
{
    private readonly BertOptions _options;
    private readonly Linear _projection;
    private readonly Embedding _segments;
    private readonly LayerNorm _norm;

    /// <summary>Creates the embeddings.</summary>
    /// <param name="options">The encoder's shape.</param>
    /// <param name="featureWidth">Numbers F per patch feature.</param>
    /// <param name="segmentCount">Rows of the segment table.</param>
    /// <param name="bias">Whether the projection has a bias; EasyTransfer's has none.</param>
    public PatchEmbeddings(BertOptions options, int featureWidth, int segmentCount, bool bias = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentCount, 1);
        _options = options;
        _projection = Add("projector", new Linear(featureWidth, options.Width, bias));
        _segments = Add("type_embeddings", new Embedding(segmentCount, options.Width));
        _norm = Add("LayerNorm", new LayerNorm(options.Width, options.NormEpsilon));
    }

    /// <summary>Features <c>[B, P, F]</c> to normalised vectors <c>[B, P, D]</c>.</summary>
    /// <param name="features">Patch features, <c>[B, P, F]</c>.</param>
    /// <param name="segment">The patches' segment.</param>
    /// <param name="places">Vectors of the patches' places, broadcast to <c>[B, P, D]</c>.</param>
    public Tensor Forward(Tensor features, int segment, Tensor places)
    {
        var projected = _projection.Forward(Functional.Dropout(features, _options.Dropout, training));
        var sum = projected.Plus(_segments.Weight.select(0, segment)).Plus(places);
        return Functional.Dropout(_norm.Forward(sum), _options.Dropout, training);
    }
}
