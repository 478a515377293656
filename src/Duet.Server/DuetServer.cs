// The service: the way into Duet over HTTP.
using Duet.Inference;
using Duet.Server.Security;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Duet.Server;

/// <summary>Trained models behind HTTP, from <see cref="StartAsync"/> to <see cref="StopAsync"/>.</summary>
/// <example><code>
/// await using var server = await DuetServer.StartAsync([ServedRun.Of("RUN")], new ServerSettings());
/// Console.WriteLine(server.Addresses[0]);
/// </code></example>
public sealed class DuetServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DuetServer(WebApplication app) => _app = app;

    /// <summary>The addresses it listens on, with the ports that were chosen.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    /// <summary>Loads the models, has each answer a product, and listens.</summary>
    /// <param name="runs">The runs; requests without a model's name get the first.</param>
    /// <param name="settings">How to listen and what to limit.</param>
    /// <param name="use">How the models compute; the defaults where null.</param>
    /// <param name="keys">The keys that clients must show, separated by commas (or <c>sha256:</c> and the hash of one); none where
    /// null.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="OptionException">A setting cannot work, or others than this machine could ask without a key.</exception>
    /// <exception cref="RunException">A model cannot be loaded, or does not answer.</exception>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public static Task<DuetServer> StartAsync(
        IReadOnlyList<ServedRun> runs,
        ServerSettings settings,
        ModelUseOptions? use = null,
        string? keys = null,
        CancellationToken cancellation = default
    ) => StartOnAsync(runs, settings, use, keys, TimeProvider.System, cancellation);

    internal static async Task<DuetServer> StartOnAsync(
        IReadOnlyList<ServedRun> runs,
        ServerSettings settings,
        ModelUseOptions? use,
        string? keys,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(settings);
        Require(runs);
        settings.Validate();
        var known = ApiKeys.Parse(keys);
        RequireKeys(settings, known);
        var server = new DuetServer(ServerHost.Build(runs, settings, use ?? new ModelUseOptions(), known, time));
        try
        {
            await server._app.Services.GetRequiredService<ModelCatalog>().LoadAsync(cancellation);
            await server._app.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no new requests and answers those that have begun, within <see cref="ServerSettings.DrainTime"/>.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Require(IReadOnlyList<ServedRun> runs)
    {
        OptionException.Require(runs.Count > 0, "Model is missing; name a run folder to serve.");
        var twice = runs.GroupBy(run => run.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        OptionException.Require(twice is null, $"Model names '{twice?.Key}' twice; give one of the two another name: --model NAME=RUN.");
    }

    private static void RequireKeys(ServerSettings settings, ApiKeys keys)
    {
        var open = ListenAddress.ParseAll(settings.Urls).FirstOrDefault(address => !address.IsLoopback);
        OptionException.Require(
            open is null || keys.Any || settings.AllowAnonymous,
            $"Urls has {open?.Url}, which other machines reach, and there is no key. Put keys into the environment variable "
                + $"{ApiKeys.Variable} (`openssl rand -hex 24` makes one), or say --allow-anonymous if everybody may ask."
        );
    }
}
