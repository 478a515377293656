// The settings of AdamW.
namespace Duet.Torch.Optimisers;

/// <summary>AdamW's constants (Loshchilov and Hutter, arXiv 1711.05101).</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients, in [0, 1). CLIP trains with 0.98.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-6;
}
