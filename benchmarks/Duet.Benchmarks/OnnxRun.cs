// A network in ONNX Runtime.
using Microsoft.ML.OnnxRuntime;

namespace Duet.Benchmarks;

/// <summary>Runs an exported network on random inputs, with all of the runtime's optimisations.</summary>
internal static class OnnxRun
{
    /// <summary>Samples per second. The session lives for one turn: its threads wait busily for work and would take the next turn's
    /// cores.</summary>
    /// <param name="file">The network, of fixed batch.</param>
    /// <param name="options">Threads and seconds.</param>
    public static double Time(string file, BenchmarkOptions options)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var session = new InferenceSession(file, settings);
        using var run = new RunOptions();
        var inputs = session.InputMetadata.ToDictionary(
            input => input.Key,
            input => Random(input.Key, input.Value, options),
            StringComparer.Ordinal
        );
        try
        {
            var batch = session.InputMetadata["pixels"].Dimensions[0];
            return Rate.Of(
                () =>
                {
                    using var outputs = session.Run(run, inputs, session.OutputNames);
                },
                batch,
                options.Seconds
            );
        }
        finally
        {
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    // Pixels are normal numbers, token ids any below the vocabulary, and every text fills the context.
    private static OrtValue Random(string name, NodeMetadata node, BenchmarkOptions options)
    {
        var shape = node.Dimensions.Select(size => (long)size).ToArray();
        var count = shape.Aggregate((a, b) => a * b);
        var random = new Random(1);
        return name switch
        {
            "pixels" => OrtValue.CreateTensorValueFromMemory(
                Draw(() => (float)Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * MathF.Cos(random.NextSingle() * MathF.Tau)),
                shape
            ),
            "ids" => OrtValue.CreateTensorValueFromMemory(Draw(() => (long)random.Next(1, PeerComparison.Vocabulary)), shape),
            _ => OrtValue.CreateTensorValueFromMemory(Draw(() => (long)options.Length), shape),
        };

        T[] Draw<T>(Func<T> draw) => [.. Enumerable.Range(0, (int)count).Select(_ => draw())];
    }
}
