// Vectors of products for the .NET AI stack.
using Duet.Inference;
using Microsoft.Extensions.AI;

namespace Duet.Extensions.AI;

/// <summary>Embeds texts, pictures, or products with both, as joint embeddings of a model. Safe to use from many threads.</summary>
public sealed class DuetEmbeddingGenerator
    : IEmbeddingGenerator<string, Embedding<float>>,
        IEmbeddingGenerator<DataContent, Embedding<float>>,
        IEmbeddingGenerator<ProductInput, Embedding<float>>
{
    private const string ProviderName = "duet";

    private readonly DuetModel _model;
    private readonly ModelSteps _steps;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Embeds with a model.</summary>
    /// <param name="model">The model; it must outlive the generator, which does not free it.</param>
    /// <param name="name">What the model is called in answers; its system's name where null.</param>
    public DuetEmbeddingGenerator(DuetModel model, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _steps) = (model, new ModelSteps(model));
        _metadata = new EmbeddingGeneratorMetadata(ProviderName, defaultModelId: name ?? model.Configuration.Model);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">Only the number of dimensions is looked at, and refused where the model has another.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One vector per text, in their order.</returns>
    /// <exception cref="ProductInputException">A text is empty, or the model looks at pictures only.</exception>
    /// <exception cref="OptionException">Another number of dimensions is asked for.</exception>
    /// <exception cref="RunException">The system gives no embeddings.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => EmbedAsync(values, text => new ProductInput { Texts = [text] }, options, cancellationToken);

    /// <summary>Embeds pictures.</summary>
    /// <param name="values">The pictures: the bytes of JPEG, PNG, WebP, GIF or BMP files.</param>
    /// <param name="options">Only the number of dimensions is looked at, and refused where the model has another.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One vector per picture, in their order.</returns>
    /// <exception cref="Vision.ImageDecodeException">A picture is refused or damaged.</exception>
    /// <exception cref="ProductInputException">The model looks at texts only.</exception>
    /// <exception cref="OptionException">Another number of dimensions is asked for.</exception>
    /// <exception cref="RunException">The system gives no embeddings.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        EmbedAsync(
            values,
            content => new ProductInput { Pictures = [ProductPicture.FromBytes(content.Data, content.Name ?? "the picture")] },
            options,
            cancellationToken
        );

    /// <summary>Embeds products.</summary>
    /// <param name="values">Pictures and texts.</param>
    /// <param name="options">Only the number of dimensions is looked at, and refused where the model has another.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One vector per product, in their order.</returns>
    /// <exception cref="Vision.ImageDecodeException">A picture is missing, refused or damaged.</exception>
    /// <exception cref="ProductInputException">A product has nothing that the model looks at.</exception>
    /// <exception cref="OptionException">Another number of dimensions is asked for.</exception>
    /// <exception cref="RunException">The system gives no embeddings.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<ProductInput> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => EmbedAsync(values, product => product, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(_model) ? _model
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the model belongs to whoever loaded it.</summary>
    public void Dispose() { }

    private Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync<T>(
        IEnumerable<T> values,
        Func<T, ProductInput> product,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        return Task.Run(() => Embed([.. values.Select(product)], options?.Dimensions, cancellation), cancellation);
    }

    private GeneratedEmbeddings<Embedding<float>> Embed(ProductInput[] products, int? dimensions, CancellationToken cancellation)
    {
        var made = DateTimeOffset.UtcNow;
        long tokens = 0;
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(products.Length);
        foreach (var batch in products.Chunk(_model.Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var answer in _steps.Answer([.. batch.Select(_steps.Prepare)], embeddings: true))
            {
                var vector = answer.Joint ?? throw new RunException($"The system {_model.Configuration.Model} gives no embeddings.");
                OptionException.Require(
                    dimensions is null || dimensions == vector.Count,
                    $"Dimensions is {dimensions}; the vectors of this model have {vector.Count}."
                );
                tokens += answer.Tokens;
                embeddings.Add(new Embedding<float>(vector.ToArray()) { CreatedAt = made, ModelId = _metadata.DefaultModelId });
            }
        }

        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return embeddings;
    }
}
