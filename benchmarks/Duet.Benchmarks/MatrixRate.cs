// The machine's limit: how fast it multiplies matrices.
using System.Diagnostics;
using Duet.Torch;

namespace Duet.Benchmarks;

/// <summary>Measures large linear layers, the best that a network of linear layers could reach.</summary>
internal static class MatrixRate
{
    /// <summary>GFLOP/s of a 4096 x 1024 x 1024 linear layer in the given type.</summary>
    public static double Measure(ScalarType type, double seconds = 2)
    {
        using var scope = new TensorScope();
        using var recording = Gradients.Disabled();
        var (input, weight) = (Tensor.Normal([4096, 1024]).To(type), Tensor.Normal([1024, 1024]).To(type));
        const double flops = 2.0 * 4096 * 1024 * 1024;
        Functional.Linear(input, weight).Dispose();
        var clock = Stopwatch.StartNew();
        var runs = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            Functional.Linear(input, weight).Dispose();
            runs++;
        }

        return runs * flops / clock.Elapsed.TotalSeconds / 1e9;
    }
}
