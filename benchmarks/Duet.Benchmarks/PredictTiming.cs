// One product through a warm model, beside the bare forward pass of the same product.
using System.Diagnostics;
using Duet.Inference;
using Duet.Models;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Times <see cref="DuetModel.Classify(string?, string?)"/> from file and text to answer, and the forward pass alone, in
/// turns.</summary>
internal static class PredictTiming
{
    private const string Text = "ADIDAS Women Spring";

    public static int Run(BenchmarkOptions options)
    {
        var picture = options.Photos()[0];
        using var model = DuetModel.Load(options.RunFolder, new ModelUseOptions { Threads = options.Threads });
        using var scope = NewDisposeScope();
        var batch = OfOne(model);
        void Forward()
        {
            using var step = NewDisposeScope();
            using var recording = no_grad();
            _ = model.Model.Forward(batch).Logits[0].ToArray();
        }

        // Warm means compiled to the end as well.
        _ = Turns(Forward, () => model.Classify(picture, Text), seconds: 1);
        Console.WriteLine("| round | bare forward, ms | file and text to answer, ms | ratio |");
        Console.WriteLine("|---|---|---|---|");
        for (var round = 1; round <= options.Rounds; round++)
        {
            var turns = Turns(Forward, () => model.Classify(picture, Text), options.Seconds);
            var (bare, whole, ratio) = (
                Median([.. turns.Select(turn => turn.First)]),
                Median([.. turns.Select(turn => turn.Second)]),
                Median([.. turns.Select(turn => turn.Second / turn.First)])
            );
            Console.WriteLine(FormattableString.Invariant($"| {round} | {bare:0.00} | {whole:0.00} | {ratio:0.00} |"));
        }

        return 0;
    }

    // What a forward pass costs does not depend on what is in the picture.
    private static Batch OfOne(DuetModel model)
    {
        var (side, text) = (model.Inputs.ImageSize, model.Tokenizer.Encode(Text, model.Inputs.ContextLength));
        var present = ones([1], dtype: ScalarType.Bool);
        var ids = text.Ids[..text.Length].Select(id => (long)id).ToArray();
        return new Batch(
            Tensors.Normal([1, 3, side, side]),
            Tensors.From(ids, 1, ids.Length),
            ones([1, ids.Length], dtype: ScalarType.Bool),
            present,
            present
        );
    }

    // In short turns, so that a host that slows down for a second slows both. The first calls of a turn find the other's traces in the
    // caches and do not count.
    private static List<(double First, double Second)> Turns(Action first, Action second, double seconds)
    {
        var turns = new List<(double, double)>();
        for (var total = Stopwatch.StartNew(); total.Elapsed.TotalSeconds < 2 * seconds; )
        {
            turns.Add((Turn(first), Turn(second)));
        }

        return turns;
    }

    private static double Turn(Action action)
    {
        const int Calls = 40,
            Unsettled = 10;
        var times = new List<double>(Calls);
        for (var call = 0; call < Calls; call++)
        {
            var clock = Stopwatch.StartNew();
            action();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return Median(times[Unsettled..]);
    }

    private static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
