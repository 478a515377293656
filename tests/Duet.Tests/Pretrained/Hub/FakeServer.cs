// A small HTTP server on the loopback interface that can misbehave on purpose.
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Duet.Tests.Pretrained.Hub;

internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<FakeRequest, FakeResponse> _answer;
    private readonly Task _loop;

    public FakeServer(Func<FakeRequest, FakeResponse> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _loop = Task.Run(ListenAsync);
    }

    public Uri Address { get; }

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public void Dispose()
    {
        // A test may end the server before its class does.
        if (_loop.IsCompleted)
        {
            return;
        }

        _stop.Cancel();
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                if (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    await WriteAsync(stream, request, _answer(request));
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The client went away, which some tests provoke.
            }
        }
    }

    private async Task<FakeRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            text.Append((char)one[0]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new FakeRequest(Address.Authority, first[0], first[1], headers);
    }

    private async Task WriteAsync(NetworkStream stream, FakeRequest request, FakeResponse response)
    {
        var head = new StringBuilder($"HTTP/1.1 {response.Status} Status\r\nConnection: close\r\n");
        foreach (var (name, value) in response.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!response.Headers.Any(header => header.Name == "Content-Length"))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.Body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (request.Method != "HEAD")
        {
            await stream.WriteAsync(response.Body.AsMemory(0, response.CutAfter ?? response.Body.Length), _stop.Token);
            await stream.FlushAsync(_stop.Token);
        }

        if (response.Stall)
        {
            await Task.Delay(TimeSpan.FromSeconds(20), _stop.Token);
        }
    }
}
