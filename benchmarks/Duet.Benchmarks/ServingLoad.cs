// The service under load on loopback, beside the bare forward pass and beside a service that makes no batches.
using System.Diagnostics;
using System.Text.Json.Nodes;
using Duet.Inference;
using Duet.Models;
using Duet.Server;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>
/// Measures what the service answers at most, then how long answers take at half, full and twice that load. Client and service share the
/// machine's cores, as on any machine that runs both.
/// </summary>
internal static class ServingLoad
{
    private const string Text = "ADIDAS Women Spring";
    private static readonly double[] Loads = [0.5, 1, 2];

    public static int Run(BenchmarkOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var photos = options.Photos();
        var requests = photos.Select(photo => Request(photo)).ToArray();
        var (bare, expected) = Reference(options, photos);
        Console.WriteLine(FormattableString.Invariant($"bare forward pass, batches of {options.Batch}: {bare:0.0} products/s"));
        Console.WriteLine();
        Console.WriteLine(
            "| service | load, products/s | answered/s | of the bare pass | 429 | wrong | p50, ms | p95, ms | p99, ms | memory, MB |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, batch) in (ReadOnlySpan<(string, int)>)[("batches", options.Batch), ("one by one", 1)])
        {
            foreach (var line in MeasureAsync(options, name, batch, bare, requests, expected).ToBlockingEnumerable())
            {
                Console.WriteLine(line);
            }
        }

        await Console.Out.FlushAsync();
        return 0;
    }

    private static async IAsyncEnumerable<string> MeasureAsync(
        BenchmarkOptions options,
        string name,
        int batch,
        double bare,
        byte[][] requests,
        string[] expected
    )
    {
        var settings = new ServerSettings
        {
            Urls = ["http://127.0.0.1:0"],
            MaxBatch = batch,
            BatchWait = batch == 1 ? 0 : new ServerSettings().BatchWait,
            QueueLimit = 4 * options.Batch,
            MaxProducts = 1,
            RequestRate = 0,
            ReloadInterval = 0,
        };
        var use = new ModelUseOptions { Threads = options.Threads };
        await using var server = await DuetServer.StartAsync([new ServedRun("run", options.RunFolder)], settings, use);
        using var load = new LoadGenerator(new Uri(server.Addresses[0]), requests, expected);

        // As many callers as fill two batches: one is computed while the next gathers.
        _ = await load.CloseAsync(2 * options.Batch, TimeSpan.FromSeconds(Math.Min(5, options.Seconds)));
        var full = await load.CloseAsync(2 * options.Batch, TimeSpan.FromSeconds(options.Seconds));
        yield return Line(name, $"{2 * options.Batch} callers", bare, full);
        foreach (var part in Loads)
        {
            var rate = part * full.PerSecond;
            yield return Line(
                name,
                FormattableString.Invariant($"{rate:0.0} ({part:0.0#} x)"),
                bare,
                await load.OpenAsync(rate, TimeSpan.FromSeconds(options.Seconds))
            );
        }
    }

    private static string Line(string name, string load, double bare, LoadFigures figures) =>
        FormattableString.Invariant(
            $"| {name} | {load} | {figures.PerSecond:0.0} | {figures.PerSecond / bare:0.00} | {figures.Refused} | {figures.Wrong} "
        )
        + FormattableString.Invariant($"| {figures.Quantile(0.5):0.0} | {figures.Quantile(0.95):0.0} | {figures.Quantile(0.99):0.0} ")
        + FormattableString.Invariant($"| {Environment.WorkingSet >> 20} |");

    private static byte[] Request(string photo) =>
        System.Text.Encoding.UTF8.GetBytes(
            new JsonObject { ["image"] = Convert.ToBase64String(File.ReadAllBytes(photo)), ["text"] = Text }.ToJsonString()
        );

    // The rate of forward passes alone, and the right answers.
    private static (double Rate, string[] Labels) Reference(BenchmarkOptions options, string[] photos)
    {
        using var model = DuetModel.Load(options.RunFolder, new ModelUseOptions { Threads = options.Threads });
        var answers = model.ClassifyMany([.. photos.Select(photo => ProductInput.Of(photo, Text))]);
        using var scope = NewDisposeScope();
        var batch = BatchOf(model, options.Batch);
        void Forward()
        {
            using var step = NewDisposeScope();
            using var recording = no_grad();
            _ = model.Model.Forward(batch).Logits[0].ToArray();
        }

        Forward();
        Forward();
        var passes = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed.TotalSeconds < options.Seconds; passes++)
        {
            Forward();
        }

        return (passes * options.Batch / clock.Elapsed.TotalSeconds, [.. answers.Select(answer => answer.Tasks[0].Label)]);
    }

    private static Batch BatchOf(DuetModel model, int count)
    {
        var (side, text) = (model.Inputs.ImageSize, model.Tokenizer.Encode(Text, model.Inputs.ContextLength));
        long[] ids = [.. text.Ids[..text.Length].Select(id => (long)id)];
        var present = ones([count], dtype: ScalarType.Bool);
        return new Batch(
            Tensors.Normal([count, 3, side, side]),
            Tensors.From([.. Enumerable.Repeat(ids, count).SelectMany(row => row)], count, ids.Length),
            ones([count, ids.Length], dtype: ScalarType.Bool),
            present,
            present
        );
    }
}
