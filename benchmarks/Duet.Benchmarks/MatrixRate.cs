// The machine's limit: how fast it multiplies matrices.
using System.Diagnostics;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Measures large linear layers, the best that a network of linear layers could reach.</summary>
internal static class MatrixRate
{
    /// <summary>GFLOP/s of a 4096 x 1024 x 1024 linear layer in the given type.</summary>
    public static double Measure(ScalarType type, double seconds = 2)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var (input, weight) = (Tensors.Normal([4096, 1024]).to(type), Tensors.Normal([1024, 1024]).to(type));
        const double flops = 2.0 * 4096 * 1024 * 1024;
        nn.functional.linear(input, weight).Dispose();
        var clock = Stopwatch.StartNew();
        var runs = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            nn.functional.linear(input, weight).Dispose();
            runs++;
        }

        return runs * flops / clock.Elapsed.TotalSeconds / 1e9;
    }
}
