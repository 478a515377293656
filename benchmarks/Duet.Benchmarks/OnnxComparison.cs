// Duet and ONNX Runtime in turns.
using System.Globalization;
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Training;

namespace Duet.Benchmarks;

/// <summary>
/// Inference of the same networks in Duet and in Microsoft's ONNX Runtime (fp32; its kernels for processors have no bf16), turn by turn: a
/// preset of CMA-CLIP with a full and with a single-product batch, and CLIP's picture tower. PyTorch exports the networks once; the runtime
/// then needs no Python.
/// </summary>
internal static class OnnxComparison
{
    private const string TowerPreset = "b32";
    private static readonly int[] TowerBatches = [16, 1];

    public static int Run(BenchmarkOptions options)
    {
        ComputeThreads.Use(options.Threads);
        var folder = Directory
            .CreateDirectory(options.Onnx.Length > 0 ? options.Onnx : Path.Combine(Path.GetTempPath(), "duet-onnx"))
            .FullName;
        Console.WriteLine(
            $"ONNX Runtime {typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version?.ToString(3)}, "
                + $"{options.Threads} threads, {options.Length} tokens; networks in {folder}"
        );
        Console.WriteLine("| network | batch | ONNX Runtime fp32, products/s | Duet fp32 | ratio | Duet bf16 | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var network = (CmaClipOptions)CmaClip.Descriptor.Preset(options.Preset);
        foreach (var batch in (int[])[options.Batch, 1])
        {
            using var duet = new DuetRun(network, PeerComparison.Classes, PeerComparison.Vocabulary, options with { Batch = batch });
            var file = Export(
                folder,
                $"cma-clip-{options.Preset}",
                PeerScript.Describe(network, PeerComparison.Classes, PeerComparison.Vocabulary),
                duet.Parameters,
                options with
                {
                    Batch = batch,
                }
            );
            Compare(
                $"CMA-CLIP {options.Preset}",
                batch,
                file,
                precision => duet.Time(training: false, precision, options.Seconds),
                options
            );
        }

        var clip = (ClipOptions)Clip.Descriptor.Preset(TowerPreset);
        foreach (var batch in TowerBatches)
        {
            using var tower = new TowerRun(clip, batch);
            var file = Export(folder, $"clip-{TowerPreset}-tower", Describe(clip), tower.Parameters, options with { Batch = batch });
            Compare($"CLIP's picture tower {TowerPreset}", batch, file, precision => tower.Time(precision, options.Seconds), options);
        }

        return 0;
    }

    private static string Describe(ClipOptions clip) =>
        JsonSerializer.Serialize(
            new
            {
                tower = new
                {
                    image_size = clip.ImageSize,
                    patch_size = ((VisionTransformerOptions)clip.Image).PatchSize,
                    width = ((VisionTransformerOptions)clip.Image).Width,
                    layers = ((VisionTransformerOptions)clip.Image).Layers,
                    heads = ((VisionTransformerOptions)clip.Image).Heads,
                    output = clip.JointWidth,
                },
            }
        );

    // Another network, batch or length is another file; one that is there is taken as it is.
    private static string Export(string folder, string name, string configuration, long parameters, BenchmarkOptions options)
    {
        var file = Path.Combine(folder, $"{name}-{options.Length}-{options.Batch}-{parameters}.onnx");
        if (!File.Exists(file))
        {
            using var result = PeerScript.Run(
                options,
                "export_onnx.py",
                configuration,
                file + ".part",
                "--batch",
                options.Batch.ToString(CultureInfo.InvariantCulture),
                "--length",
                options.Length.ToString(CultureInfo.InvariantCulture)
            );
            PeerScript.RequireSame(result, parameters);
            File.Move(file + ".part", file);
        }

        return file;
    }

    private static void Compare(string name, int batch, string file, Func<Precision, double> duet, BenchmarkOptions options)
    {
        var (onnx, fp32, bf16) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            onnx.Add(OnnxRun.Time(file, options));
            fp32.Add(duet(Precision.Fp32));
            bf16.Add(duet(Precision.Bf16));
        }

        var (peer, ours, fast) = (Rate.Median(onnx), Rate.Median(fp32), Rate.Median(bf16));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {batch} | {peer:0.0} | {ours:0.0} | {ours / peer:0.00} | {fast:0.0} | {fast / peer:0.00} |"
            )
        );
    }
}
