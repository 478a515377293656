// Object labels for regions where there is no detector.
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Labels regions without a detector: features, standardised over the batch, are projected at random and named after the nearest of K
/// random codes; projection and codes never learn (random-projection quantisation, Chiu et al., arXiv 2202.01855). ImageBERT's paper takes
/// the labels of a detector trained on Visual Genome, which a product catalogue does not have.
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
        _projection = AddBuffer("projection", Tensors.Normal([featureWidth, CodeWidth]));
        using var scope = NewDisposeScope();
        _codes = AddBuffer("codes", scope.MoveToOuter(nn.functional.normalize(Tensors.Normal([CodeWidth, classes]), dim: 0)));
    }

    /// <summary>The label of every region, <c>[B, R, F] -> [B, R]</c> int64.</summary>
    public Tensor Label(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var rows = features.detach().to(ScalarType.Float32).flatten(0, 1);
        var centred = rows - rows.mean([0], keepdim: true);
        var standard = centred / (centred.Power(2).mean([0], keepdim: true).Plus(DeviationFloor)).sqrt();
        return standard.matmul(_projection).matmul(_codes).argmax(-1).reshape(features.size(0), features.size(1));
    }
}
