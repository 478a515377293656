// GET /health/live and /health/ready
using System.Text.Json.Nodes;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Duet.Server.Endpoints;

/// <summary>Says whether the process lives, and whether it should get requests. The service listens once every model has answered a
/// product, so it is ready from then on until it is told to stop.</summary>
internal static class HealthEndpoints
{
    public static IResult Live() => new JsonAnswer(new JsonObject { ["status"] = "live" });

    public static IResult Ready(ModelCatalog catalog, IHostApplicationLifetime lifetime)
    {
        var stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        return new JsonAnswer(
            new JsonObject
            {
                ["status"] = stopping ? "stopping" : "ready",
                ["models"] = new JsonArray([.. catalog.Slots.Select(Describe)]),
            },
            stopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK
        );
    }

    // Everybody may ask, so the reason itself, which has paths in it, is told in the log and by /v1/models.
    private static JsonObject Describe(ModelSlot slot) =>
        new()
        {
            ["name"] = slot.Name,
            ["loaded"] = slot.Loaded.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["status"] = slot.ReloadError is null
                ? "ready"
                : "stale: the newest files of the run cannot be used, the model that was loaded before serves on; see the log",
        };
}
