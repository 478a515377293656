// A name under which a model is served, whichever model that is at the time.
using Duet.Data;
using Duet.Inference;
using Duet.Server.Requests;
using Duet.Server.Telemetry;
using Duet.Vision;
using Microsoft.Extensions.Logging;

namespace Duet.Server.Serving;

/// <summary>Loads the model of a run folder, and a new one beside it when the folder's files change.</summary>
internal sealed class ModelSlot(
    ServedRun run,
    ServerSettings settings,
    ModelUseOptions use,
    ServerMetrics metrics,
    TimeProvider time,
    ILogger<ModelSlot> log
) : IAsyncDisposable
{
    private readonly ModelMetrics _metrics = metrics.Of(run.Name);
    private ServedModel? _current;
    private RunStamp? _stamp;
    private RunStamp? _seen;

    /// <summary>The name that requests call it by.</summary>
    public string Name => run.Name;

    /// <summary>Why the newest files of the run folder are not what is served; null where they are.</summary>
    public string? ReloadError { get; private set; }

    /// <summary>When the model was loaded that is served.</summary>
    public DateTimeOffset Loaded { get; private set; }

    /// <summary>Loads the first model.</summary>
    /// <exception cref="RunException">It cannot be loaded, or does not answer.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        _stamp = _seen = RunStamp.Of(run.Folder);
        _current = await LoadProbedAsync(cancellation);
        Loaded = time.GetUtcNow();
        _metrics.Watch(() => Volatile.Read(ref _current)?.Waiting ?? 0);
    }

    /// <summary>The model that is served now; release it after use.</summary>
    public ServedModel Use()
    {
        while (true)
        {
            var model = Volatile.Read(ref _current);
            ObjectDisposedException.ThrowIf(model is null, this);
            if (model.TryUse())
            {
                return model;
            }
        }
    }

    /// <summary>
    /// Looks at the run folder. Files that changed are loaded once they have not changed for one interval; the new model is served once it
    /// has answered a product, and the old one is freed when its last request is answered. A model that fails is told about and not tried
    /// again until the files change.
    /// </summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        var stamp = RunStamp.Of(run.Folder);
        var settled = stamp == _seen;
        _seen = stamp;
        if (stamp == _stamp || !settled)
        {
            return;
        }

        _stamp = stamp;
        ServedModel loaded;
        try
        {
            loaded = await LoadProbedAsync(cancellation);
        }
#pragma warning disable CA1031 // Whatever is wrong with the new model, the old one serves on.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            ReloadError = $"The newest files of the run cannot be used: {e.Message}";
            _metrics.Reloaded("failed");
            log.LogError(e, "{Model}: the new model cannot be used; the old one serves on", Name);
            return;
        }

        var old = Interlocked.Exchange(ref _current, loaded);
        (ReloadError, Loaded) = (null, time.GetUtcNow());
        _metrics.Reloaded("done");
        if (log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("{Model}: a new model is served", Name);
        }

        if (old is not null)
        {
            await old.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _current, null) is { } model)
        {
            await model.DisposeAsync();
        }
    }

    private async Task<ServedModel> LoadProbedAsync(CancellationToken cancellation)
    {
        var served = new ServedModel(await Task.Run(() => DuetModel.Load(run.Folder, use), cancellation), settings, _metrics, time);
        try
        {
            var probe = new RequestedProduct("probe") { Input = Probe() };
            var outcome = (await served.AnswerAsync([probe], embeddings: true, cancellation))[0];
            return outcome.Fault is { } fault
                ? throw new RunException($"The model in {run.Folder} does not answer: {fault.Reason}")
                : served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    // Gray, with a word: every system can look at one of them.
    private static ProductInput Probe()
    {
        const int side = 32;
        var gray = new byte[3 * side * side];
        Array.Fill(gray, (byte)127);
        return new ProductInput
        {
            Pictures = [ProductPicture.FromBytes(ImageEncoder.Encode(new RgbImage(side, side, gray), ImageFormat.Png))],
            Texts = ["product"],
        };
    }
}
