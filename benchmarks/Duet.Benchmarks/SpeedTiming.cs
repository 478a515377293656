// Training and inference alone: one line of products per second, to be run in turns with another build.
using System.Globalization;
using Duet.Models;
using Duet.Training;

namespace Duet.Benchmarks;

/// <summary>Times Duet's four cells (training and inference, fp32 and bf16) on one random batch.</summary>
internal static class SpeedTiming
{
    public static int Run(BenchmarkOptions options)
    {
        var network = (CmaClipOptions)CmaClip.Descriptor.Preset(options.Preset);
        ComputeThreads.Use(options.Threads);
        using var duet = new DuetRun(network, [35, 26, 4, 3, 4], 4096, options);
        foreach (var training in (bool[])[true, false])
        {
            foreach (var precision in (Precision[])[Precision.Fp32, Precision.Bf16])
            {
                Console.Write(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(training ? "training" : "inference")} {precision} {duet.Time(training, precision, options.Seconds):0} "
                    )
                );
            }
        }

        Console.WriteLine();
        return 0;
    }
}
