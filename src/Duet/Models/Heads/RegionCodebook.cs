// Object labels for regions where there is no detector.
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models.Heads;

/// <summary>
/// Labels regions without a detector: features, standardised over the batch, are projected at random and named after the nearest of K random
/// codes; projection and codes never learn (random-projection quantisation, Chiu et al., arXiv 2202.01855). ImageBERT's paper takes the labels
/// of a detector trained on Visual Genome, which a product catalogue does not have.
/// </summary>
public sealed class RegionCodebook : Module
{
    private const int CodeWidth = 16;
    private const double DeviationFloor = 1e-5;
    private readonly Tensor _projection;
    private readonly Tensor _codes;

    /// <summary>Creates a codebook.</summary>
    /// <param name="featureWidth">Numbers F per region.</param>
    /// <param name="classes">The number of codes K.</param>
    public RegionCodebook(int featureWidth, int classes)
    {
        _projection = AddBuffer("projection", Tensor.Normal([featureWidth, CodeWidth]));
        using var scope = new TensorScope();
        _codes = AddBuffer("codes", scope.Keep(Tensor.Normal([CodeWidth, classes]).Normalize(0)));
    }

    /// <summary>The label of every region, <c>[B, R, F] -> [B, R]</c> int64.</summary>
    public Tensor Label(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var rows = features.Detach().To(ScalarType.Float32).Flatten(0, 1);
        var centred = rows - rows.Mean(0, keepDimension: true);
        var standard = centred / (centred.Pow(2).Mean(0, keepDimension: true) + DeviationFloor).Sqrt();
        return standard.MatMul(_projection).MatMul(_codes).ArgMax(-1).Reshape(features.Size(0), features.Size(1));
    }
}
