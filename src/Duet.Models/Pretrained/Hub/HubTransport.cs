// Requests to a hub: token, redirects, time-outs, retries, and errors put into words.
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Duet.Models.Pretrained.Hub;

internal sealed class HubTransport : IDisposable
{
    private const int MaximumRedirects = 10;

    private readonly HubOptions _options;
    private readonly HttpClient _client;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <param name="options">Server, token and limits.</param>
    /// <param name="credentials">What is sent to the server instead of a token, as package feeds want it.</param>
    public HubTransport(HubOptions options, AuthenticationHeaderValue? credentials = null)
    {
        _options = options;
        if (
            (credentials is not null || options.Token is not null)
            && !string.Equals(options.BaseAddress.Scheme, "https", StringComparison.Ordinal)
            && !options.BaseAddress.IsLoopback
        )
        {
            throw new HubException(
                $"{(credentials is null ? "The token" : "The password")} would be sent to {options.BaseAddress} unencrypted. Use "
                    + $"https{(credentials is null ? ", or unset HF_TOKEN" : string.Empty)}."
            );
        }

        if (options.Token?.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' ') == true)
        {
            throw new HubException("The token holds characters that no token has. Check HF_TOKEN.");
        }

        _authorization = credentials ?? (options.Token is null ? null : new AuthenticationHeaderValue("Bearer", options.Token));

        // Redirects are followed by hand, so that the token stays with the host it is meant for.
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !options.BaseAddress.IsLoopback,
                ConnectTimeout = TimeSpan.FromSeconds(30),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Runs an action again when it fails in a way that may pass. Progress inside the action, told to the budget, restarts the
    /// count.</summary>
    /// <exception cref="HubException">It kept failing.</exception>
    public async Task<T> RetryAsync<T>(string what, Func<RetryBudget, CancellationToken, Task<T>> action, CancellationToken cancellation)
    {
        var budget = new RetryBudget(_options.Retries);
        var pipeline = new ResiliencePipelineBuilder<T>()
            .AddRetry(
                new RetryStrategyOptions<T>
                {
                    MaxRetryAttempts = int.MaxValue,
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(arguments.Outcome.Exception is TransientHubException && budget.Spend()),
                    DelayGenerator = arguments =>
                        ValueTask.FromResult<TimeSpan?>(Delay(what, (TransientHubException)arguments.Outcome.Exception!, budget)),
                }
            )
            .Build();
        try
        {
            return await pipeline
                .ExecuteAsync(async token => await action(budget, token).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false);
        }
        catch (TransientHubException error)
        {
            var message = $"{what}: {error.Message} Tried {_options.Retries + 1} times; what was fetched is kept, so try again later.";
            throw error.Status is { } status ? new HubException(message, status) : new HubException(message, error);
        }
    }

    /// <summary>Asks for the headers of a file. Redirects are followed inside the hub only, and not past the answer that carries the file's
    /// own hash.</summary>
    public Task<HttpResponseMessage> HeadAsync(Uri address, string what, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Head,
            address,
            null,
            what,
            next => IsHub(next.Target) && !next.Response.Headers.Contains("X-Linked-Etag"),
            cancellation
        );

    /// <summary>Asks for a file, from a byte on where one is given. The body is not read yet.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri address, long? from, string what, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, address, from, what, _ => true, cancellation);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        long? from,
        string what,
        Func<(HttpResponseMessage Response, Uri Target), bool> follow,
        CancellationToken cancellation
    )
    {
        for (var hop = 0; hop <= MaximumRedirects; hop++)
        {
            var response = await SendOnceAsync(method, address, from, cancellation).ConfigureAwait(false);
            if (
                response.StatusCode
                is not (
                    HttpStatusCode.MovedPermanently
                    or HttpStatusCode.Found
                    or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect
                    or HttpStatusCode.PermanentRedirect
                )
            )
            {
                return Checked(response, method, what);
            }

            var target = Target(response, address, what);
            if (!follow((response, target)))
            {
                return response;
            }

            response.Dispose();
            address = target;
        }

        throw new HubException($"{what}: the server redirected more than {MaximumRedirects} times.");
    }

    private static Uri Target(HttpResponseMessage response, Uri address, string what)
    {
        var location = response.Headers.Location;
        var target = location is null ? null : new Uri(address, location);
        if (target is null || target.Scheme is not ("http" or "https") || (address.Scheme is "https" && target.Scheme is not "https"))
        {
            response.Dispose();
            throw new HubException(
                $"{what}: the server redirected to '{HubNames.Printable(location?.OriginalString)}', which is not followed."
            );
        }

        return target;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, long? from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("duet", typeof(HubTransport).Assembly.GetName().Version?.ToString(3)));

        // Sizes and ranges must be those of the file itself.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (from is not null)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        request.Headers.Authorization = IsHub(address) ? _authorization : null;

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(_options.StallTimeout);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new TransientHubException($"{address.Host} cannot be reached or broke off ({error.Message}).", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientHubException($"{address.Host} did not answer for {_options.StallTimeout.TotalSeconds:0.#} s.", error);
        }
    }

    private bool IsHub(Uri address) =>
        Uri.Compare(
            address,
            _options.BaseAddress,
            UriComponents.SchemeAndServer,
            UriFormat.SafeUnescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    private HttpResponseMessage Checked(HttpResponseMessage response, HttpMethod method, string what)
    {
        var status = response.StatusCode;
        if (
            response.IsSuccessStatusCode
            || status == HttpStatusCode.RequestedRangeNotSatisfiable
            || (method == HttpMethod.Head && status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        )
        {
            return response;
        }

        using (response)
        {
            var code = (int)status;
            var said = Said(response);
            if (
                status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                || (code >= 500 && status != HttpStatusCode.NotImplemented)
            )
            {
                throw new TransientHubException(
                    $"the server answered {code} {HubNames.Printable(response.ReasonPhrase)}.{said}",
                    null,
                    status,
                    RetryAfter(response)
                );
            }

            var token = _options.Token is null ? "no token was sent; set HF_TOKEN" : "the token in HF_TOKEN was not accepted";
            throw new HubException(
                status switch
                {
                    HttpStatusCode.Unauthorized => $"{what}: 401, it is private or gated or does not exist, and {token}.{said}",
                    HttpStatusCode.Forbidden =>
                        $"{what}: 403, access is refused. Accept the model's conditions at {_options.BaseAddress} or use a token with "
                            + $"access.{said}",
                    HttpStatusCode.NotFound => $"{what}: 404, not found. Check the name and the revision.{said}",
                    _ => $"{what}: the server answered {code} {HubNames.Printable(response.ReasonPhrase)}.{said}",
                },
                status
            );
        }
    }

    private static string Said(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-Error-Message", out var values))
        {
            return string.Empty;
        }

        var text = HubNames.Printable(string.Join(' ', values));
        return text.Length == 0 ? string.Empty : $" It says: {text}";
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            _ => null,
        };

    private TimeSpan Delay(string what, TransientHubException error, RetryBudget budget)
    {
        if (error.RetryAfter > _options.MaximumWait)
        {
            throw new HubException(
                $"{what}: {error.Message} It asks to wait {error.RetryAfter.Value.TotalSeconds:0} s, more than the "
                    + $"{_options.MaximumWait.TotalSeconds:0} s allowed. Try again later.",
                error
            );
        }

        // Doubling, up to a minute.
        var backoff = TimeSpan.FromMilliseconds(Math.Min(60_000, _options.RetryDelay.TotalMilliseconds * Math.Pow(2, budget.Spent - 1)));
        return error.RetryAfter is { } asked && asked > backoff ? asked : backoff;
    }
}

internal sealed class TransientHubException(
    string message,
    Exception? inner = null,
    HttpStatusCode? status = null,
    TimeSpan? retryAfter = null
) : Exception(message, inner)
{
    public HttpStatusCode? Status { get; } = status;

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

internal sealed class RetryBudget(int retries)
{
    private long _furthest;

    /// <summary>The failures since the last progress.</summary>
    public int Spent { get; private set; }

    /// <summary>Takes one retry; false where none is left.</summary>
    public bool Spend() => ++Spent <= retries;

    /// <summary>
    /// A file has grown to a length. Where that is further than ever before, earlier failures no longer count;
    /// a server that starts again after every cut and never gets further uses up the budget.
    /// </summary>
    public void Progress(long length)
    {
        if (length > _furthest)
        {
            (_furthest, Spent) = (length, 0);
        }
    }
}
