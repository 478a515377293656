// Times a small piece of training with different numbers of threads.
using System.Diagnostics;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// Measures how fast each number of threads is at this moment, beside the other programs on the machine: a forward and a backward pass
/// through a convolution and a transformer block of a small model's size. It draws no random numbers and touches no weights, so the probe
/// does not change the bits of a run.
/// </summary>
internal static class ThreadProbe
{
    // Every number has several turns, so that a short disturbance affects all alike.
    private const int Rounds = 3;

    private const int Tokens = 256;
    private const int Width = 192;
    private const int PictureSide = 24;
    private const int Channels = 32;

    // Several time slices of the operating system: beside a busy program the time of a single pass is chance.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(40);

    /// <summary>Seconds that a pass takes with each number of threads.</summary>
    /// <param name="numbers">The numbers; the calling thread's own stays as it was.</param>
    /// <param name="precision">The arithmetic.</param>
    public static IReadOnlyList<double> Measure(IReadOnlyList<int> numbers, Precision precision)
    {
        var before = TorchRuntime.Threads;
        using var scope = NewDisposeScope();
        Tensor[] leaves =
        [
            Leaf(Tokens, Width),
            Leaf(Width, 3 * Width),
            Leaf(Width, 4 * Width),
            Leaf(4 * Width, Width),
            Leaf(8, PictureSide, PictureSide, Channels),
            Leaf(Channels, Channels, 3, 3),
        ];
        var (seconds, passes) = (new double[numbers.Count], new int[numbers.Count]);
        try
        {
            // The first pass of all pays for memory and kernels.
            for (var round = -1; round < Rounds; round++)
            {
                for (var i = 0; i < numbers.Count; i++)
                {
                    TorchRuntime.SetThreads(numbers[i]);
                    var clock = Stopwatch.StartNew();
                    var made = 0;
                    do
                    {
                        Pass(leaves, precision);
                        made++;
                    } while (round >= 0 && clock.Elapsed < Turn);

                    if (round >= 0)
                    {
                        seconds[i] += clock.Elapsed.TotalSeconds;
                        passes[i] += made;
                    }
                }
            }
        }
        finally
        {
            TorchRuntime.SetThreads(before);
        }

        return [.. seconds.Zip(passes, (sum, count) => sum / count)];
    }

    // The values do not matter, as long as none is extreme.
    private static Tensor Leaf(params long[] size) =>
        linspace(-0.05, 0.05, size.Aggregate((a, b) => a * b), ScalarType.Float32).reshape(size).requires_grad_();

    private static void Pass(Tensor[] leaves, Precision precision)
    {
        using var scope = NewDisposeScope();
        var (tokens, attention, up, down, picture, kernel) = (leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], leaves[5]);
        Tensor result;
        using (new Autocast(CPU, enabled: precision == Precision.Bf16))
        {
            var parts = tokens.matmul(attention).view(8, Tokens / 8, 3 * Width).chunk(3, -1);
            var looked = parts[0].matmul(parts[1].transpose(-2, -1)).softmax(-1).matmul(parts[2]).reshape(Tokens, Width);
            var normal = Functional.LayerNorm(tokens.Plus(looked), null, null, 1e-5);

            // The channels lie together, as Conv2d has them: other layouts take other kernels, and not every one is right
            // (docs/decisions/015).
            var convolved = nn.functional.conv2d(picture.permute(0, 3, 1, 2), kernel, padding: [1L, 1L]).relu();
            result = normal.matmul(up).gelu().matmul(down).sum().Plus(convolved.sum());
        }

        _ = autograd.grad([result], leaves);
    }
}
