// Convolutions against float64, in the shapes that libtorch gets wrong by itself.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class Conv2dTests
{
    // As convolutions, oneDNN gives wrong results for some of these and ends the process for others (docs/decisions/015).
    [Theory]
    [InlineData(3, 8, 5, 2)]
    [InlineData(16, 32, 2, 1)]
    [InlineData(16, 32, 4, 2)]
    [InlineData(64, 128, 56, 2)]
    [InlineData(256, 512, 7, 1)]
    [InlineData(256, 512, 14, 2)]
    [InlineData(256, 512, 7, 2)]
    public void A_window_of_one_pixel(int inputs, int outputs, int side, int stride)
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(1);
        using var convolution = new Conv2d(inputs, outputs, 1, stride, bias: false);
        var x = Tensors.Normal([2, inputs, side, side]).requires_grad_();
        var found = convolution.Forward(x);
        var picked = x.slice(2, 0, side, stride).slice(3, 0, side, stride).to(ScalarType.Float64);
        var wanted = einsum("bchw,oc->bohw", picked, convolution.Weight.flatten(1).to(ScalarType.Float64));
        found.shape.ShouldBe(wanted.shape);
        (found.to(ScalarType.Float64) - wanted).abs().max().ToDouble().ShouldBeLessThan(1e-4);

        found.sum().backward();
        var gradient = x.grad!;
        if (stride == 2)
        {
            gradient.slice(2, 1, side, 2).abs().max().ToDouble().ShouldBe(0);
        }

        var column = convolution.Weight.flatten(1).sum([0]);
        (gradient.select(2, 0).select(2, 0) - column).abs().max().ToDouble().ShouldBeLessThan(1e-4);
    }
}
