// A model in an application's services.
using Duet.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Duet.Extensions.AI;

/// <summary>Registers Duet.</summary>
public static class DuetServices
{
    /// <summary>
    /// Registers a trained model as a <see cref="DuetModel"/>, and its embeddings as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>
    /// of texts, pictures (<see cref="DataContent"/>) and products (<see cref="ProductInput"/>). It is loaded when it is first asked for,
    /// and freed with the services.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="runFolder">A folder that training wrote.</param>
    /// <param name="options">Threads, precision, device, batch size; the defaults where null.</param>
    public static IServiceCollection AddDuet(this IServiceCollection services, string runFolder, ModelUseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(runFolder);
        services.AddSingleton(_ => DuetModel.Load(runFolder, options));
        services.AddSingleton(provider => new DuetEmbeddingGenerator(provider.GetRequiredService<DuetModel>()));
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(Generator);
        services.AddSingleton<IEmbeddingGenerator<DataContent, Embedding<float>>>(Generator);
        services.AddSingleton<IEmbeddingGenerator<ProductInput, Embedding<float>>>(Generator);
        return services;
    }

    private static DuetEmbeddingGenerator Generator(IServiceProvider provider) => provider.GetRequiredService<DuetEmbeddingGenerator>();
}
