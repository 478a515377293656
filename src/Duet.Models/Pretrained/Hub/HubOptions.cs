// Where models come from, where they are kept, and how far a server is trusted.
namespace Duet.Models.Pretrained.Hub;

/// <summary>The settings of a hub client, each checked when it is set.</summary>
public sealed record HubOptions
{
    private static readonly Uri PublicHub = new("https://huggingface.co/");

    /// <summary>The server, http or https, with a path where a mirror has one. <c>HF_ENDPOINT</c> in the environment.</summary>
    /// <exception cref="ArgumentException">It is not an absolute http or https address.</exception>
    public Uri BaseAddress
    {
        get;
        init =>
            field = value is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
                ? new Uri(value.AbsoluteUri.TrimEnd('/') + "/")
                : throw new ArgumentException($"The hub's address must be like https://huggingface.co, not '{value}'.", nameof(value));
    } = PublicHub;

    /// <summary>The cache folder in the hub's own layout. <c>HF_HUB_CACHE</c>, or <c>HF_HOME</c>/hub, or
    /// <c>~/.cache/huggingface/hub</c>.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public required string CacheFolder
    {
        get;
        init =>
            field = string.IsNullOrWhiteSpace(value)
                ? throw new ArgumentException("The cache folder must not be empty.", nameof(value))
                : Path.GetFullPath(value);
    }

    /// <summary>The access token, or null. Sent to <see cref="BaseAddress"/> only, never to where that redirects.
    /// <c>HF_TOKEN</c>.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache may be used. <c>HF_HUB_OFFLINE</c>.</summary>
    public bool Offline { get; init; }

    /// <summary>How often in a row a request may fail before giving up; a download that makes progress counts from the start again. 0 to
    /// 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Retries
    {
        get;
        init =>
            field = value is >= 0 and <= 100
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "Retries must be in 0..100.");
    } = 5;

    /// <summary>The wait before the first retry; it doubles each time. Up to a minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public TimeSpan RetryDelay
    {
        get;
        init =>
            field =
                value >= TimeSpan.Zero && value <= TimeSpan.FromMinutes(1)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "The retry delay must be between 0 and one minute.");
    } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for with Retry-After before the pull gives up instead.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan MaximumWait
    {
        get;
        init =>
            field =
                value >= TimeSpan.Zero
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "The longest wait must not be negative.");
    } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may be silent before it counts as cut. Positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan StallTimeout
    {
        get;
        init =>
            field =
                value > TimeSpan.Zero
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "The stall timeout must be positive.");
    } = TimeSpan.FromSeconds(60);

    /// <summary>The largest file that is fetched, in bytes. The default, 64 GB, is above any published classifier's shard.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long MaximumFileSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit must be positive.");
    } = 64_000_000_000;

    /// <summary>The most that one pull fetches, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long MaximumTotalSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit must be positive.");
    } = 256_000_000_000;

    /// <summary>The most files that a repository may list; published models have tens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaximumFiles
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit must be positive.");
    } = 10_000;

    /// <summary>Settings from the environment variables that the hub's own tools use.</summary>
    /// <param name="variable">Looks up a variable; the process environment where null.</param>
    /// <exception cref="ArgumentException">A variable has a value that cannot be used.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        var read = variable ?? Environment.GetEnvironmentVariable;
        string? Get(string name) => read(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        var endpoint = Get("HF_ENDPOINT");
        if (endpoint is not null && !Uri.TryCreate(endpoint, UriKind.Absolute, out _))
        {
            throw new ArgumentException(
                $"HF_ENDPOINT is '{endpoint}'; an address like https://huggingface.co was expected.",
                nameof(variable)
            );
        }

        return new HubOptions
        {
            BaseAddress = endpoint is null ? PublicHub : new Uri(endpoint),
            CacheFolder = Get("HF_HUB_CACHE") ?? DefaultCache(Get("HF_HOME"), Get("XDG_CACHE_HOME")),
            Token = Get("HF_TOKEN"),
            Offline = Get("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
    }

    private static string DefaultCache(string? home, string? cacheHome)
    {
        var caches = cacheHome ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(home ?? Path.Combine(caches, "huggingface"), "hub");
    }

    // The token must not end up in a log through the record's own text.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"BaseAddress = {BaseAddress}, CacheFolder = {CacheFolder}, Token = {(Token is null ? "none" : "set")}, Offline = {Offline}"
        );
        return true;
    }
}
