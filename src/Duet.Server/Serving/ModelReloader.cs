// Looks for new models in the run folders while the service runs.
using Microsoft.Extensions.Hosting;

namespace Duet.Server.Serving;

/// <summary>Asks every slot at an interval whether its files changed. Polling sees changes on network volumes too, where file events do
/// not arrive.</summary>
internal sealed class ModelReloader(ModelCatalog catalog, ServerSettings settings, TimeProvider time) : BackgroundService
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
                await slot.ReloadAsync(stoppingToken);
            }
        }
    }
}
