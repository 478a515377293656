// An address to listen on, and whether others than this machine reach it.
using System.Net;

namespace Duet.Server;

/// <summary>A parsed <c>http://HOST:PORT</c>.</summary>
/// <param name="Url">As it was given.</param>
/// <param name="IsLoopback">Whether only this machine reaches it.</param>
internal sealed record ListenAddress(string Url, bool IsLoopback)
{
    /// <summary>The names under which a browser may call a service that listens on this machine only.</summary>
    public static IReadOnlyList<string> LoopbackHosts { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Reads addresses.</summary>
    /// <exception cref="OptionException">One is no address, or there is none.</exception>
    public static IReadOnlyList<ListenAddress> ParseAll(IReadOnlyList<string> urls)
    {
        OptionException.Require(urls.Count > 0, "Urls is empty; name an address to listen on, for instance http://127.0.0.1:8080.");
        return [.. urls.Select(Parse)];
    }

    private static ListenAddress Parse(string url)
    {
        // Kestrel takes * and + for every address of the machine; Uri does not.
        var plain = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        OptionException.Require(
            Uri.TryCreate(plain, UriKind.Absolute, out var address)
                && string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal)
                && string.Equals(address.AbsolutePath, "/", StringComparison.Ordinal)
                && address.Query.Length == 0,
            $"Urls has '{url}'; an address is http://HOST:PORT, for instance http://127.0.0.1:8080 (TLS is the work of a proxy before it)."
        );
        return new ListenAddress(url, address!.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));
    }
}
