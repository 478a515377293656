// Batches of products as they are read: for prediction over tables of any size in constant memory.
namespace Duet.Data;

/// <summary>Encodes and decodes products on the way through, keeping none. Products without anything left are quarantined and left
/// out.</summary>
public sealed class ProductStream
{
    private readonly ProductEncoder _encoder;
    private readonly BatchAssembler _assembler;

    /// <summary>Creates a stream.</summary>
    /// <param name="encoder">Tokenizer and tasks.</param>
    /// <param name="pictures">Decodes and prepares pictures; one without a cache.</param>
    /// <param name="quarantine">Receives broken pictures and products without anything left.</param>
    /// <param name="options">Batch size, workers and prefetch; order and randomness play no part.</param>
    /// <exception cref="TableException">An option is out of range.</exception>
    public ProductStream(ProductEncoder encoder, IPicturePipeline pictures, Quarantine quarantine, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(quarantine);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_encoder, Options) = (encoder, options);
        _assembler = new BatchAssembler(encoder, pictures, quarantine, options.BatchSize, options.Prefetch + options.Workers + 1);
    }

    /// <summary>The options.</summary>
    public LoaderOptions Options { get; }

    /// <summary>Streams batches in the order of the products; a batch may be smaller than the batch size, never empty. Dispose each after
    /// use.</summary>
    /// <param name="products">The products; read on a worker thread, as far ahead as the prefetch allows.</param>
    /// <param name="cancellation">Stops the workers.</param>
    public IEnumerable<ProductBatch> Batches(IEnumerable<Product> products, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(products);
        return OrderedPrefetch
            .Run(products.Chunk(Options.BatchSize), Load, Options.Workers, Options.Prefetch, cancellation)
            .Where(batch => batch.Count > 0);
    }

    private ProductBatch Load(Product[] products) =>
        _assembler.Assemble([.. products.Select(_encoder.Encode)], view: null, keepRefused: false);
}
