// Convolution over pictures.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// A square convolution over <c>[B, C, H, W]</c>; weights start as He et al. (arXiv 1502.01852) by default. It computes on pictures whose
/// channels lie together in memory: oneDNN is a fifth faster there, and right for pictures of more than one channel where its other layouts
/// were not (docs/decisions/015).
/// </summary>
public sealed class Conv2d : Module
{
    private readonly long _size;
    private readonly long _stride;
    private readonly long _padding;
    private readonly long _groups;

    /// <summary>Creates a convolution.</summary>
    public Conv2d(
        long inputs,
        long outputs,
        long size,
        long stride = 1,
        long padding = 0,
        bool bias = true,
        long groups = 1,
        double? deviation = null
    )
    {
        (_size, _stride, _padding, _groups) = (size, stride, padding, groups);
        var he = Math.Sqrt(2.0 / (size * size * outputs / groups));
        Weight = AddParameter("weight", Tensors.Normal([outputs, inputs / groups, size, size], 0, deviation ?? he));
        Bias = bias ? AddParameter("bias", zeros([outputs])) : null;
    }

    /// <summary><c>[outputs, inputs / groups, size, size]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[outputs]</c>, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary><c>[B, inputs, H, W] -> [B, outputs, H', W']</c>.</summary>
    public Tensor Forward(Tensor input) => Forward(input, Weight, Bias);

    /// <summary>The same convolution with other values, for the operators around it that can be merged into them.</summary>
    internal Tensor Forward(Tensor input, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_padding == 0 && _groups == 1 && _size == _stride && _size > 1)
        {
            return Patches(input, weight, bias);
        }

        // A window of one pixel is a linear layer over pixels. As a convolution, oneDNN 3.7 gets some shapes wrong and ends the process at
        // others (docs/decisions/015).
        return _padding == 0 && _groups == 1 && _size == 1
            ? Pixels(input, weight, bias)
            : nn.functional.conv2d(ChannelsLast(input), weight, bias, [_stride, _stride], [_padding, _padding], groups: _groups);
    }

    // Every stride-th pixel by itself: one matrix product over the channels, which lie together.
    private Tensor Pixels(Tensor input, Tensor weight, Tensor? bias)
    {
        var seen = _stride == 1 ? input : input.slice(2, 0, input.size(2), _stride).slice(3, 0, input.size(3), _stride);
        return nn.functional.linear(seen.permute(0, 2, 3, 1).contiguous(), weight.flatten(1), bias).permute(0, 3, 1, 2);
    }

    // Windows that do not overlap: one matrix product over patches, as in ViT's patch embedding.
    private Tensor Patches(Tensor input, Tensor weight, Tensor? bias)
    {
        var (batch, channels, rows, columns) = (input.size(0), input.size(1), input.size(2) / _size, input.size(3) / _size);
        var patches = input
            .narrow(2, 0, rows * _size)
            .narrow(3, 0, columns * _size)
            .reshape(batch, channels, rows, _size, columns, _size)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(batch, rows, columns, channels * _size * _size);
        return nn.functional.linear(patches, weight.flatten(1), bias).permute(0, 3, 1, 2);
    }

    private static Tensor ChannelsLast(Tensor pictures) => pictures.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
