// One stage of a product's way, measured.
using System.Diagnostics;

namespace Duet.Server.Telemetry;

/// <summary>Records how long it lived, as a measurement and as a span.</summary>
internal sealed class StageTimer(ServerMetrics metrics, KeyValuePair<string, object?> model, string stage) : IDisposable
{
    private readonly Activity? _span = metrics.Traces.StartActivity(stage);
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Dispose()
    {
        metrics.StageTime.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, model, new("stage", stage));
        _span?.Dispose();
    }
}
