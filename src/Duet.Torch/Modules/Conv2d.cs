// Convolution over pictures.
namespace Duet.Torch.Modules;

/// <summary>A square convolution over <c>[B, C, H, W]</c>; weights start as He et al. (arXiv 1502.01852) by default.</summary>
public sealed class Conv2d : Module
{
    private readonly long _stride;
    private readonly long _padding;
    private readonly long _groups;

    /// <summary>Creates a convolution.</summary>
    public Conv2d(long inputs, long outputs, long size, long stride = 1, long padding = 0, bool bias = true, long groups = 1, double? deviation = null)
    {
        (_stride, _padding, _groups) = (stride, padding, groups);
        var he = Math.Sqrt(2.0 / (size * size * outputs / groups));
        Weight = AddParameter("weight", Tensor.Normal([outputs, inputs / groups, size, size], 0, deviation ?? he));
        Bias = bias ? AddParameter("bias", Tensor.Zeros([outputs])) : null;
    }

    /// <summary><c>[outputs, inputs / groups, size, size]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[outputs]</c>, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary><c>[B, inputs, H, W] -> [B, outputs, H', W']</c>.</summary>
    public Tensor Forward(Tensor input) => Functional.Conv2d(input, Weight, Bias, _stride, _padding, _groups);
}
