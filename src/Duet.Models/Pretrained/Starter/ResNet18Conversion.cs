// Makes a Hugging Face folder of the package with a residual network.
using System.Runtime.InteropServices;
using Duet.Models.Pretrained.Onnx;

namespace Duet.Models.Pretrained.Starter;

/// <summary>
/// The network takes pictures of 224 x 224 as blue, green, red from 0 to 255 minus a mean picture. Published folders say red, green, blue
/// from 0 to 1, a mean and a deviation per channel. The first convolution takes the order and the scale into its kernel, so that only the
/// mean picture becomes three numbers.
/// </summary>
internal static class ResNet18Conversion
{
    private const string Network = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx";
    private const string Preparation = "tools/DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx";
    private const string Stem = "conv1.weight";
    private const int Side = 224;

    /// <summary>ImageNet's deviations of red, green and blue, so that the kernel has the size that learning rates are made for.</summary>
    private static readonly double[] Deviations = [0.229, 0.224, 0.225];

    internal static void Run(PackageArchive package, string folder)
    {
        using var weights = OnnxWeights.Of(OnnxReader.Read(package.Read(Network), Network));
        var network = new StateShapes(weights).TorchvisionResNet().ResNet!;
        StarterFiles.WriteWeights(
            folder,
            weights.Entries.Select(entry =>
                (
                    HuggingFaceResNetNames.Of(entry.Name),
                    entry.Shape,
                    string.Equals(entry.Name, Stem, StringComparison.Ordinal)
                        ? Turned(entry.Shape, weights.ReadMemory(entry.Name))
                        : weights.ReadMemory(entry.Name)
                )
            )
        );
        StarterFiles.WriteJson(
            folder,
            "config.json",
            new
            {
                architectures = (string[])["ResNetModel"],
                model_type = "resnet",
                layer_type = network.Bottleneck ? "bottleneck" : "basic",
                depths = network.Blocks,
                embedding_size = network.Width,
                hidden_sizes = Enumerable.Range(0, network.Blocks.Count).Select(stage => network.Width << stage),
                hidden_act = "relu",
                num_channels = 3,
                downsample_in_first_stage = false,
                downsample_in_bottleneck = false,
            }
        );
        StarterFiles.WriteJson(
            folder,
            "preprocessor_config.json",
            new
            {
                image_processor_type = "CLIPImageProcessor",
                do_convert_rgb = true,
                do_resize = true,
                size = new { shortest_edge = Side },
                resample = 2,
                do_center_crop = true,
                crop_size = new { height = Side, width = Side },
                do_rescale = true,
                do_normalize = true,
                image_mean = Means(package),
                image_std = Deviations,
            }
        );
    }

    // 255 v - m = 255 s (v - m / 255) / s for every channel of deviation s, and the channels the other way round.
    private static ReadOnlyMemory<byte> Turned(long[] shape, ReadOnlyMemory<byte> kernel)
    {
        var turned = new byte[kernel.Length];
        var stored = MemoryMarshal.Cast<byte, float>(kernel.Span);
        var result = MemoryMarshal.Cast<byte, float>(turned.AsSpan());
        var cells = (int)(shape[2] * shape[3]);
        for (var filter = 0; filter < shape[0]; filter++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var (from, to) = (((filter * 3) + 2 - channel) * cells, ((filter * 3) + channel) * cells);
                for (var cell = 0; cell < cells; cell++)
                {
                    result[to + cell] = (float)(stored[from + cell] * 255 * Deviations[channel]);
                }
            }
        }

        return turned;
    }

    // The mean of the mean picture's red, green and blue, from 0 to 1.
    private static double[] Means(PackageArchive package)
    {
        var graph = OnnxReader.Read(package.Read(Preparation), Preparation);
        var picture = graph.Stored("MeanImage") is { Shape: [1, 3, Side, Side] } found
            ? found
            : throw new PretrainedException($"{Preparation} holds no MeanImage of 3 x {Side} x {Side}.");
        var values = picture.Values();
        var means = new double[3];
        for (var channel = 0; channel < 3; channel++)
        {
            double sum = 0;
            foreach (var value in values.Slice((2 - channel) * Side * Side, Side * Side))
            {
                sum += value;
            }

            means[channel] = Math.Round(sum / (Side * Side) / 255, 6);
        }

        return means;
    }
}
