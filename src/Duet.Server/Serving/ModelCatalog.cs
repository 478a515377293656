// All models of the service by name.
using Duet.Inference;
using Duet.Server.Problems;
using Duet.Server.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Duet.Server.Serving;

/// <summary>The models that are served; the first is the one that requests without a model's name get.</summary>
internal sealed class ModelCatalog : IAsyncDisposable
{
    public ModelCatalog(
        IReadOnlyList<ServedRun> runs,
        ServerSettings settings,
        ModelUseOptions use,
        ServerMetrics metrics,
        TimeProvider time,
        ILogger<ModelSlot> log
    ) => Slots = [.. runs.Select(run => new ModelSlot(run, settings, use, metrics, time, log))];

    /// <summary>The models in the order they were named.</summary>
    public IReadOnlyList<ModelSlot> Slots { get; }

    /// <summary>Loads all models.</summary>
    /// <exception cref="RunException">One cannot be loaded.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var slot in Slots)
        {
            await slot.LoadAsync(cancellation);
        }
    }

    /// <summary>A model by its name, or the first where none is given.</summary>
    /// <exception cref="ProblemException">There is none of that name.</exception>
    public ModelSlot Find(string? name) =>
        name is null
            ? Slots[0]
            : Slots.FirstOrDefault(slot => string.Equals(slot.Name, name, StringComparison.Ordinal))
                ?? throw new ProblemException(
                    StatusCodes.Status404NotFound,
                    $"There is no model of that name; this service has {string.Join(", ", Slots.Select(slot => slot.Name))}."
                )
                {
                    Field = "model",
                };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var slot in Slots)
        {
            await slot.DisposeAsync();
        }
    }
}
