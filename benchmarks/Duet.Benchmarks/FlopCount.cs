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
        var (picture, words) = ((VisionTransformerOptions)o.Image, (TextTransformerOptions)o.Text);
        double grid = o.ImageSize / picture.PatchSize;
        var patches = (grid * grid) + 1;
        var image = Stem(o, picture) + Blocks(patches, picture.Width, picture.Layers) + (2 * patches * picture.Width * o.JointWidth);
        var text = Blocks(length, words.Width, words.Layers) + (2.0 * length * words.Width * o.JointWidth);
        return (image + text + Blocks(patches + length, o.JointWidth, o.FusionLayers)) / 1e9;
    }

    // Per token: QKV 6 d^2, output 2 d^2, MLP 16 d^2, attention 4 L d.
    private static double Blocks(double length, double width, int layers) =>
        layers * length * ((24 * width * width) + (4 * length * width));

    private static double Stem(CmaClipOptions o, VisionTransformerOptions picture)
    {
        if (picture.Stem == PatchStem.Linear)
        {
            return 2.0 * o.ImageSize * o.ImageSize * 3 * picture.Width;
        }

        var steps = int.Log2(picture.PatchSize);
        double flops = 0,
            side = o.ImageSize,
            inputs = 3;
        for (var step = 0; step < steps; step++)
        {
            side /= 2;
            double outputs = picture.Width >> (steps - 1 - step);
            var blocks = picture.Stem == PatchStem.Residual && step > 0;
            var convolutions =
                blocks ? 2 * picture.StemDepth
                : picture.Stem == PatchStem.Residual ? 1
                : picture.StemDepth;
            var shortcut = blocks ? inputs : 0;
            flops += 2 * side * side * outputs * ((9 * (inputs + ((convolutions - 1) * outputs))) + shortcut);
            inputs = outputs;
        }

        return flops + (2 * side * side * inputs * inputs);
    }
}
