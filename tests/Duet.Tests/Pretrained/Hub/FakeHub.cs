// A hub with one model: listing, small files, large files behind a redirect to another host, ranges, access tokens.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Duet.Tests.Pretrained.Hub;

internal sealed class FakeHub : IDisposable
{
    public const string Repository = "acme/tiny-clip";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly FakeServer _hub;
    private readonly FakeServer _storage;

    public FakeHub()
    {
        _storage = new FakeServer(request => StorageTrouble?.Invoke(request) ?? Content(request, request.Path[1..]));
        _hub = new FakeServer(request => Trouble?.Invoke(request) ?? Answer(request));
    }

    public Uri Address => _hub.Address;

    /// <summary>Name to content; those ending in safetensors are large files that live in the storage.</summary>
    public Dictionary<string, byte[]> Files { get; } =
        new()
        {
            ["config.json"] = Encoding.UTF8.GetBytes("""{"model_type":"clip"}"""),
            ["merges.txt"] = Encoding.UTF8.GetBytes("#version: 0.2\na b\n"),
            ["text/vocab.json"] = Encoding.UTF8.GetBytes("""{"a":0}"""),
            ["model.safetensors"] = RandomBytes(3_000_000),
            ["pytorch_model.bin"] = [1, 2, 3],
            ["README.md"] = [35],
        };

    public string? Token { get; set; }

    public bool ListsHashes { get; set; } = true;

    public bool Ranges { get; set; } = true;

    /// <summary>Answers in the hub's stead where it gives something.</summary>
    public Func<FakeRequest, FakeResponse?>? Trouble { get; set; }

    /// <summary>Answers in the storage's stead where it gives something.</summary>
    public Func<FakeRequest, FakeResponse?>? StorageTrouble { get; set; }

    public IReadOnlyList<FakeRequest> HubRequests => [.. _hub.Requests];

    public IReadOnlyList<FakeRequest> StorageRequests => [.. _storage.Requests];

    public static string GitHash(byte[] content) =>
        Convert.ToHexStringLower(
            CryptographicOperations.HashData(HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content])
        );

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The content of a request, or the part its range asks for.</summary>
    public FakeResponse Content(FakeRequest request, string name, params (string Name, string Value)[] headers)
    {
        var body = Files[name];
        if (!Ranges || request.Header("Range") is not { } range)
        {
            return new FakeResponse(200, body, headers);
        }

        var from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        return from >= body.Length
            ? FakeResponse.Empty(416, ("Content-Range", $"bytes */{body.Length}"))
            : new FakeResponse(206, body[from..], [.. headers, ("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}")]);
    }

    public void Dispose()
    {
        _hub.Dispose();
        _storage.Dispose();
    }

    private static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    private FakeResponse Answer(FakeRequest request)
    {
        if (Token is not null && request.Header("Authorization") != $"Bearer {Token}")
        {
            return FakeResponse.Empty(401, ("X-Error-Code", "GatedRepo"), ("X-Error-Message", "Access to this model is restricted.\u0007"));
        }

        if (request.Path == $"/api/models/{Repository}/revision/main")
        {
            return new FakeResponse(
                200,
                JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        id = Repository,
                        sha = Commit,
                        siblings = Files.Select(Sibling),
                    }
                ),
                ("Content-Type", "application/json")
            );
        }

        var prefix = $"/{Repository}/resolve/{Commit}/";
        var name = request.Path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(request.Path[prefix.Length..])
            : string.Empty;
        if (!Files.TryGetValue(name, out var content))
        {
            return FakeResponse.Empty(404, ("X-Error-Code", "RepoNotFound"));
        }

        return IsLarge(name)
            ? FakeResponse.Empty(
                302,
                ("Location", new Uri(_storage.Address, name).AbsoluteUri),
                ("X-Repo-Commit", Commit),
                ("X-Linked-Size", content.Length.ToString(CultureInfo.InvariantCulture)),
                ("X-Linked-Etag", $"\"{Sha256(content)}\""),
                ("ETag", $"\"{GitHash([1])}\"")
            )
            : Content(request, name, ("X-Repo-Commit", Commit), ("ETag", $"\"{GitHash(content)}\""));
    }

    private object Sibling(KeyValuePair<string, byte[]> file) =>
        ListsHashes switch
        {
            false => new { rfilename = file.Key },
            true when IsLarge(file.Key) => new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = GitHash([9]),
                lfs = new
                {
                    sha256 = Sha256(file.Value),
                    size = file.Value.Length,
                    pointerSize = 130,
                },
            },
            true => new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = GitHash(file.Value),
            },
        };
}
