// A loaded model with its queue, used by requests until another takes its place.
using Duet.Inference;
using Duet.Server.Batching;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Telemetry;
using Duet.Vision;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Serving;

/// <summary>Decodes products as they arrive, on a bounded number of threads, and answers them in batches.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    private readonly SemaphoreSlim _decoding;
    private readonly ModelSteps _steps;
    private readonly DynamicBatcher<PendingProduct, ReadyAnswer> _batcher;
    private readonly ModelMetrics _metrics;
    private readonly ImageDecoder _checker;
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for being served, one for every request that uses it.
    private int _users = 1;

    public ServedModel(DuetModel model, ServerSettings settings, ModelMetrics metrics, TimeProvider time)
    {
        (Model, _metrics) = (model, metrics);
        _steps = new ModelSteps(model);
        _decoding = new SemaphoreSlim(settings.DecodeThreads);
        _checker = new ImageDecoder(limits: new DecodeLimits { MaxFileBytes = settings.MaxPictureBytes, MaxPixels = settings.MaxPixels });
        var passes = model.Options.Device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase)
            ? 1
            : Math.Max(1, Environment.ProcessorCount / model.Options.Threads);
        _batcher = new DynamicBatcher<PendingProduct, ReadyAnswer>(
            new BatchRules(settings.MaxBatch, TimeSpan.FromMilliseconds(settings.BatchWait), settings.QueueLimit, passes),
            Answer,
            time,
            metrics
        );
    }

    /// <summary>The model.</summary>
    public DuetModel Model { get; }

    /// <summary>Products that wait for a forward pass.</summary>
    public int Waiting => _batcher.Waiting;

    /// <summary>Begins to use it; false where another model has taken its place.</summary>
    public bool TryUse()
    {
        while (Volatile.Read(ref _users) is > 0 and var users)
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _unused.TrySetResult();
        }
    }

    /// <summary>Answers the products of a request.</summary>
    /// <param name="products">The products.</param>
    /// <param name="embeddings">Whether embeddings are wanted as well.</param>
    /// <param name="cancellation">Takes what has not begun out of the queue.</param>
    /// <exception cref="ProblemException">The queue is full.</exception>
    public async Task<ProductOutcome[]> AnswerAsync(
        IReadOnlyList<RequestedProduct> products,
        bool embeddings,
        CancellationToken cancellation
    )
    {
        var places = products.Count(product => product.Input is not null);
        if (!_batcher.TryReserve(places))
        {
            throw new ProblemException(
                StatusCodes.Status429TooManyRequests,
                "More products are waiting than this service takes; send the request again later."
            )
            {
                RetryAfter = _batcher.Backlog,
            };
        }

        return await Task.WhenAll(products.Select(product => AnswerAsync(product, embeddings, cancellation)));
    }

    /// <summary>Waits for the last user, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        Release();
        await _unused.Task;
        await _batcher.DisposeAsync();
        _decoding.Dispose();
        Model.Dispose();
    }

    private async Task<ProductOutcome> AnswerAsync(RequestedProduct product, bool embeddings, CancellationToken cancellation)
    {
        if (product.Input is not { } input)
        {
            _metrics.Failed(product.Fault!.Field);
            return new ProductOutcome(product.Id, Answer: null, product.Fault);
        }

        ReadyProduct ready;
        try
        {
            ready = await PrepareAsync(input, cancellation);
        }
        catch (Exception e)
        {
            _batcher.Release();
            if (Fault(e) is not { } fault)
            {
                throw;
            }

            _metrics.Failed(fault.Field);
            return new ProductOutcome(product.Id, Answer: null, fault);
        }

        var answer = await _batcher.RunAsync(new PendingProduct(ready, embeddings), cancellation);
        _metrics.Answered(answer.Classification);
        return new ProductOutcome(product.Id, answer, Fault: null);
    }

    private async Task<ReadyProduct> PrepareAsync(ProductInput input, CancellationToken cancellation)
    {
        await _decoding.WaitAsync(cancellation);
        try
        {
            using var stage = _metrics.Stage("decode");
            return await Task.Run(
                () =>
                {
                    Check(input);
                    return _steps.Prepare(input);
                },
                cancellation
            );
        }
        finally
        {
            _decoding.Release();
        }
    }

    /// <summary>Refuses a picture by its header, before any pixel of it is decoded.</summary>
    /// <exception cref="ImageDecodeException">It is refused.</exception>
    public void Check(ProductInput input)
    {
        if (input.Pictures is [{ Bytes: { } bytes } picture, ..])
        {
            _checker.Measure(bytes.Span, picture.Name);
        }
    }

    /// <summary>What a client is told about a product that an error belongs to; null where it is not the product's.</summary>
    public static ProductFault? Fault(Exception exception) =>
        exception switch
        {
            ImageDecodeException e => new ProductFault("image", e.Message),
            ProductInputException { InnerException: TableException } e => new ProductFault("features", e.Message),
            ProductInputException e => new ProductFault("product", e.Message),
            _ => null,
        };

    private IReadOnlyList<ReadyAnswer> Answer(IReadOnlyList<PendingProduct> batch) =>
        _steps.Answer([.. batch.Select(pending => pending.Product)], batch.Any(pending => pending.Embeddings));

    private readonly record struct PendingProduct(ReadyProduct Product, bool Embeddings);
}
