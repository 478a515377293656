// The Python side of comparisons.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;

namespace Duet.Benchmarks;

/// <summary>Starts a script of <c>benchmarks/peers</c> and reads the JSON line that it prints.</summary>
internal static class PeerScript
{
    /// <summary>Runs a script.</summary>
    /// <exception cref="InvalidOperationException">Python or PyTorch is not there.</exception>
    public static JsonDocument Run(BenchmarkOptions options, string script, params string[] arguments)
    {
        var path = Path.Combine(Repository.Root(), "benchmarks", "peers", script);
        var start = new ProcessStartInfo(options.Python) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[path, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // The peer at its best: one pool of threads per library and no fight between them.
        start.Environment["OMP_NUM_THREADS"] = options.Threads.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{options.Python} does not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonDocument.Parse(output)
            : throw new InvalidOperationException(
                $"{path} failed; install Debian's python3-torch and python3-numpy, or name another interpreter with --python."
            );
    }

    /// <summary>A network as the scripts read it.</summary>
    public static string Describe(CmaClipOptions network, IReadOnlyList<int> classes, int vocabulary) =>
        JsonSerializer.Serialize(
            new
            {
                image_size = network.ImageSize,
                context_length = network.ContextLength,
                image = new
                {
                    patch_size = ((VisionTransformerOptions)network.Image).PatchSize,
                    width = ((VisionTransformerOptions)network.Image).Width,
                    layers = ((VisionTransformerOptions)network.Image).Layers,
                    heads = ((VisionTransformerOptions)network.Image).Heads,
                    stem = JsonNamingPolicy.SnakeCaseLower.ConvertName(((VisionTransformerOptions)network.Image).Stem.ToString()),
                    stem_depth = ((VisionTransformerOptions)network.Image).StemDepth,
                },
                text = new
                {
                    width = ((TextTransformerOptions)network.Text).Width,
                    layers = ((TextTransformerOptions)network.Text).Layers,
                    heads = ((TextTransformerOptions)network.Text).Heads,
                },
                joint_width = network.JointWidth,
                fusion_layers = network.FusionLayers,
                fusion_heads = network.FusionHeads,
                aggregation = JsonNamingPolicy.SnakeCaseLower.ConvertName(network.Aggregation.ToString()),
                head_width = network.HeadWidth,
                head_norm = network.HeadNorm,
                scaled_modality_scores = network.ScaledModalityScores,
                head_dropout = network.HeadDropout,
                dropout = network.Dropout,
                vocabulary,
                classes,
            }
        );

    /// <summary>Checks that the script built the same network.</summary>
    /// <exception cref="InvalidOperationException">It has another number of parameters.</exception>
    public static void RequireSame(JsonDocument result, long parameters)
    {
        var peers = result.RootElement.GetProperty("parameters").GetInt64();
        if (peers != parameters)
        {
            throw new InvalidOperationException($"The script built another network: {peers:N0} parameters, Duet's has {parameters:N0}.");
        }
    }
}
