// Epochs of batches over a dataset: in a reproducible order, prefetched, resumable at any batch.
using Duet.Text;

namespace Duet.Data;

/// <summary>
/// Gives a dataset's batches. The order is a function of seed and epoch alone, a picture's random view of seed, epoch and row alone:
/// neither depends on the number of workers or on where an epoch is taken up again.
/// </summary>
public sealed class ProductLoader
{
    // Keeps this draw apart from others for the same seed and epoch.
    private const ulong Purpose = 0x6F_72_64_65_72;

    private readonly ProductDataset _dataset;
    private readonly BatchAssembler _assembler;

    /// <summary>Creates a loader.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    public ProductLoader(ProductDataset dataset, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_dataset, Options) = (dataset, options);
        var encoder = dataset.Encoder;
        var variation = new TokenVariation(
            options.TokenDropout,
            options.TokenSplit,
            encoder.Tokenizer as ISplittingTokenizer,
            encoder.Options.ContextLength,
            encoder.Tokenizer.StartLength()
        );
        _assembler = new BatchAssembler(
            encoder,
            dataset.Pictures,
            dataset.Quarantine,
            options.BatchSize,
            options.Prefetch + options.Workers + 1,
            variation
        );
    }

    /// <summary>The options.</summary>
    public LoaderOptions Options { get; }

    /// <summary>The dataset.</summary>
    public ProductDataset Dataset => _dataset;

    /// <summary>The number of batches in every epoch.</summary>
    public int BatchesPerEpoch =>
        Options.DropLast ? _dataset.Count / Options.BatchSize : (int)(((long)_dataset.Count + Options.BatchSize - 1) / Options.BatchSize);

    /// <summary>The same products in their order, as evaluation sees them.</summary>
    internal ProductLoader AsEvaluated() =>
        new(
            _dataset,
            new LoaderOptions
            {
                BatchSize = Options.BatchSize,
                Workers = Options.Workers,
                Seed = Options.Seed,
            }
        );

    /// <summary>The same batches with the pictures known to be there, but not read.</summary>
    internal ProductLoader WithoutPixels() => new(_dataset.With(new UnreadPictures()), Options);

    /// <summary>The order of an epoch, as indexes into <see cref="ProductDataset.Products"/>.</summary>
    public int[] Order(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var order = Enumerable.Range(0, _dataset.Count).ToArray();
        if (Options.Shuffle)
        {
            new CounterRandom(Options.Seed ^ Purpose, (ulong)epoch).Shuffle<int>(order);
        }

        return order;
    }

    /// <summary>Streams an epoch's batches from <paramref name="startBatch"/> on. Dispose each batch after use.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="startBatch">The first batch to give; earlier ones are not even decoded.</param>
    /// <param name="cancellation">Stops the workers.</param>
    public IEnumerable<ProductBatch> Batches(int epoch, int startBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startBatch);
        var order = Order(epoch);
        TrainingView? view = Options.Augment ? new TrainingView(Options.Seed, epoch) : null;
        var batches = Enumerable.Range(startBatch, Math.Max(0, BatchesPerEpoch - startBatch));
        return OrderedPrefetch.Run(batches, Load, Options.Workers, Options.Prefetch, cancellation);

        ProductBatch Load(int batch)
        {
            var start = batch * Options.BatchSize;
            var items = order.Skip(start).Take(Options.BatchSize).Select(index => _dataset[index]).ToArray();
            return _assembler.Assemble(items, view, keepRefused: true);
        }
    }
}
