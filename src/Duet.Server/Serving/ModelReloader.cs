// Looks for new models in the run folders while the service runs.
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Duet.Server.Serving;

/// <summary>Asks every slot at an interval whether its files changed. Polling sees changes on network volumes too, where file events do
/// not arrive.</summary>
internal sealed class ModelReloader(ModelCatalog catalog, ServerSettings settings, TimeProvider time, ILogger<ModelReloader> log)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.ReloadInterval == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.ReloadInterval), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var slot in catalog.Slots)
            {
                try
                {
                    await slot.ReloadAsync(stoppingToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // A file that goes away while it is looked at; the next look sees what has become of it.
                    log.LogWarning(e, "{Model}: the run folder could not be looked at", slot.Name);
                }
            }
        }
    }
}
