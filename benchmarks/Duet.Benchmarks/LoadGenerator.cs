// Requests on loopback: as fast as answers come, or at a rate of their own.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Duet.Benchmarks;

/// <summary>Sends prepared requests with one product each and compares the answers with the right ones.</summary>
internal sealed class LoadGenerator(Uri address, byte[][] requests, string[] expected) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(5),
    };

    private int _next;

    /// <summary>A number of callers, each of whom asks again when it has its answer: the most that the service answers.</summary>
    public async Task<LoadFigures> CloseAsync(int callers, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var figures = await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(async _ =>
                {
                    var own = new List<LoadSample>();
                    while (clock.Elapsed < time)
                    {
                        own.Add(await AskAsync(Stopwatch.GetTimestamp()));
                    }

                    return own;
                })
        );
        return new LoadFigures([.. figures.SelectMany(own => own)], clock.Elapsed);
    }

    /// <summary>Requests at random times, whether the service keeps up or not. Waiting before sending counts, so that a client that falls
    /// behind does not hide how long answers take.</summary>
    public async Task<LoadFigures> OpenAsync(double perSecond, TimeSpan time)
    {
        var random = new Random(7);
        var asked = new List<Task<LoadSample>>();
        var start = Stopwatch.GetTimestamp();
        for (double due = 0; due < time.TotalSeconds; due += -Math.Log(1 - random.NextDouble()) / perSecond)
        {
            var wait = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            var at = start + (long)(due * Stopwatch.Frequency);
            asked.Add(Task.Run(() => AskAsync(at)));
        }

        return new LoadFigures(await Task.WhenAll(asked), Stopwatch.GetElapsedTime(start));
    }

    public void Dispose() => _client.Dispose();

    private async Task<LoadSample> AskAsync(long since)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)requests.Length);
        using var content = new ByteArrayContent(requests[index]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _client.PostAsync("/v1/classify", content);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var elapsed = Stopwatch.GetElapsedTime(since);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return new LoadSample(elapsed, Answered: false, Right: true);
        }

        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(bytes);
        var tasks = document.RootElement.GetProperty("products")[0].GetProperty("tasks");
        var label = tasks.EnumerateObject().First().Value.GetProperty("label").GetString();
        return new LoadSample(elapsed, Answered: true, string.Equals(label, expected[index], StringComparison.Ordinal));
    }
}
