// How much arithmetic one product costs.
using Duet.Models;
using Duet.Models.Encoders;

namespace Duet.Benchmarks;

/// <summary>Counts the multiplications and additions of CMA-CLIP's linear layers, convolutions and attention products.</summary>
internal static class FlopCount
{
    /// <summary>GFLOP of one forward pass per product; training costs three times as much.</summary>
    public static double Forward(CmaClipOptions o, int length)
    {
        double grid = o.ImageSize / o.Image.PatchSize;
        var patches = (grid * grid) + 1;
        var image = Stem(o) + Blocks(patches, o.Image.Width, o.Image.Layers) + (2 * patches * o.Image.Width * o.JointWidth);
        var text = Blocks(length, o.Text.Width, o.Text.Layers) + (2.0 * length * o.Text.Width * o.JointWidth);
        return (image + text + Blocks(patches + length, o.JointWidth, o.FusionLayers)) / 1e9;
    }

    // Per token: QKV 6 d^2, output 2 d^2, MLP 16 d^2, attention 4 L d.
    private static double Blocks(double length, double width, int layers) =>
        layers * length * ((24 * width * width) + (4 * length * width));

    private static double Stem(CmaClipOptions o)
    {
        if (o.Image.Stem == PatchStem.Linear)
        {
            return 2.0 * o.ImageSize * o.ImageSize * 3 * o.Image.Width;
        }

        var steps = int.Log2(o.Image.PatchSize);
        double flops = 0,
            side = o.ImageSize,
            inputs = 3;
        for (var step = 0; step < steps; step++)
        {
            side /= 2;
            double outputs = o.Image.Width >> (steps - 1 - step);
            var blocks = o.Image.Stem == PatchStem.Residual && step > 0;
            var convolutions =
                blocks ? 2 * o.Image.StemDepth
                : o.Image.Stem == PatchStem.Residual ? 1
                : o.Image.StemDepth;
            var shortcut = blocks ? inputs : 0;
            flops += 2 * side * side * outputs * ((9 * (inputs + ((convolutions - 1) * outputs))) + shortcut);
            inputs = outputs;
        }

        return flops + (2 * side * side * inputs * inputs);
    }
}
