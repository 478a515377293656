// Duet and PyTorch in turns, and what the figures mean.
using System.Globalization;
using Duet.Models;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Trains and runs the same network in Duet and in PyTorch, turn by turn, and prints medians and ratios.</summary>
internal static class PeerComparison
{
    /// <summary>The size of the vocabulary.</summary>
    public const int Vocabulary = 4096;

    /// <summary>The classes of each task, as many as the fashion catalogue has.</summary>
    public static readonly int[] Classes = [35, 26, 4, 3, 4];

    public static int Run(BenchmarkOptions options)
    {
        var network = (CmaClipOptions)CmaClip.Descriptor.Preset(options.Preset);
        ComputeThreads.Use(options.Threads);
        var (full, half) = (MatrixRate.Measure(ScalarType.Float32), MatrixRate.Measure(ScalarType.BFloat16));
        var flops = FlopCount.Forward(network, options.Length);
        Print(
            $"CMA-CLIP {options.Preset}: {flops:0.000} GFLOP forward per product, batch {options.Batch}, {options.Length} tokens, "
                + $"{options.Threads} threads"
        );
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

            var (peer, ours, fast) = (Rate.Median(torch), Rate.Median(fp32), Rate.Median(bf16));
            var share = fast * flops * (training ? 3 : 1) / half;
            Print(
                $"| {(training ? "training" : "inference")} | {peer:0} | {ours:0} | {ours / peer:0.00} | {fast:0} | "
                    + $"{fast / peer:0.00} | {share:0 %} |"
            );
        }

        return 0;
    }

    private static double PyTorch(CmaClipOptions network, BenchmarkOptions options, bool training, long parameters)
    {
        using var result = PeerScript.Run(
            options,
            "cma_clip_torch.py",
            PeerScript.Describe(network, Classes, Vocabulary),
            training ? "train" : "infer",
            "--batch",
            Text(options.Batch),
            "--length",
            Text(options.Length),
            "--threads",
            Text(options.Threads),
            "--seconds",
            Text(options.Seconds)
        );
        PeerScript.RequireSame(result, parameters);
        return result.RootElement.GetProperty("samples_per_second").GetDouble();
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private static void Print(string text) => Console.WriteLine(text);
}
