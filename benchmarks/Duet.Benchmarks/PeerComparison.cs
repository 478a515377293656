// Duet and PyTorch in turns, and what the figures mean.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Duet.Models;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Trains and runs the same network in Duet and in PyTorch, turn by turn, and prints medians and ratios.</summary>
internal static class PeerComparison
{
    private const int Vocabulary = 4096;
    private static readonly int[] Classes = [35, 26, 4, 3, 4];

    public static int Run(BenchmarkOptions options)
    {
        var network = (CmaClipOptions)CmaClip.Descriptor.Preset(options.Preset);
        ComputeThreads.Use(options.Threads);
        var (full, half) = (MatrixRate.Measure(ScalarType.Float32), MatrixRate.Measure(ScalarType.BFloat16));
        var flops = FlopCount.Forward(network, options.Length);
        Print($"CMA-CLIP {options.Preset}: {flops:0.000} GFLOP forward per product, batch {options.Batch}, {options.Length} tokens, {options.Threads} threads");
        Print($"matrix-multiply rate of this machine: fp32 {full:0} GFLOP/s, bf16 {half:0} GFLOP/s");
        using var duet = new DuetRun(network, Classes, Vocabulary, options);
        Print($"parameters: {duet.Parameters:N0}");
        Print("| what | PyTorch fp32 eager, products/s | Duet fp32 | ratio | Duet bf16 | ratio | share of the bf16 rate |");
        Print("|---|---|---|---|---|---|---|");
        foreach (var training in (bool[])[true, false])
        {
            var (torch, fp32, bf16) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                torch.Add(PyTorch(network, options, training, duet.Parameters));
                fp32.Add(duet.Time(training, Precision.Fp32, options.Seconds));
                bf16.Add(duet.Time(training, Precision.Bf16, options.Seconds));
            }

            var (peer, ours, fast) = (Median(torch), Median(fp32), Median(bf16));
            var share = fast * flops * (training ? 3 : 1) / half;
            Print($"| {(training ? "training" : "inference")} | {peer:0} | {ours:0} | {ours / peer:0.00} | {fast:0} | {fast / peer:0.00} | {share:0 %} |");
        }

        return 0;
    }

    private static double PyTorch(CmaClipOptions network, BenchmarkOptions options, bool training, long parameters)
    {
        var configuration = JsonSerializer.Serialize(new
        {
            image_size = network.ImageSize,
            context_length = network.ContextLength,
            image = new
            {
                patch_size = network.Image.PatchSize,
                width = network.Image.Width,
                layers = network.Image.Layers,
                heads = network.Image.Heads,
                stem = JsonNamingPolicy.SnakeCaseLower.ConvertName(network.Image.Stem.ToString()),
                stem_depth = network.Image.StemDepth,
            },
            text = new { width = network.Text.Width, layers = network.Text.Layers, heads = network.Text.Heads },
            joint_width = network.JointWidth,
            fusion_layers = network.FusionLayers,
            fusion_heads = network.FusionHeads,
            aggregation = JsonNamingPolicy.SnakeCaseLower.ConvertName(network.Aggregation.ToString()),
            head_width = network.HeadWidth,
            head_norm = network.HeadNorm,
            scaled_modality_scores = network.ScaledModalityScores,
            head_dropout = network.HeadDropout,
            dropout = network.Dropout,
            vocabulary = Vocabulary,
            classes = Classes,
        });
        var script = Path.Combine(Repository.Root(), "benchmarks", "peers", "cma_clip_torch.py");
        var start = new ProcessStartInfo(options.Python) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[script, configuration, training ? "train" : "infer", "--batch", Text(options.Batch), "--length", Text(options.Length), "--threads", Text(options.Threads), "--seconds", Text(options.Seconds)])
        {
            start.ArgumentList.Add(argument);
        }

        // The peer at its best: one pool of threads per library and no fight between them.
        start.Environment["OMP_NUM_THREADS"] = Text(options.Threads);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{options.Python} does not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{script} failed; install Debian's python3-torch and python3-numpy, or name another interpreter with --python.");
        }

        using var result = JsonDocument.Parse(output);
        var peers = result.RootElement.GetProperty("parameters").GetInt64();
        return peers == parameters
            ? result.RootElement.GetProperty("samples_per_second").GetDouble()
            : throw new InvalidOperationException($"{script} built another network: {peers:N0} parameters, Duet's has {parameters:N0}.");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private static void Print(string text) => Console.WriteLine(text);
}
