// What a hub says a repository holds at a revision.
using System.Text.Json;

namespace Duet.Models.Pretrained.Hub;

/// <summary>The answer of <c>/api/models/{repository}/revision/{revision}?blobs=true</c>.</summary>
internal sealed record HubListing(string Commit, IReadOnlyList<HubListedFile> Files)
{
    /// <exception cref="HubException">The answer is not a listing, or names a file that would leave its folder.</exception>
    public static HubListing Parse(ReadOnlyMemory<byte> json, string what, int maximumFiles)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var commit = root.GetProperty("sha").GetString() ?? string.Empty;
            if (!HubNames.IsCommit(commit))
            {
                throw new HubException($"{what}: the server names the commit '{HubNames.Printable(commit)}', which is not a commit hash.");
            }

            var siblings = root.GetProperty("siblings");
            if (siblings.GetArrayLength() > maximumFiles)
            {
                throw new HubException($"{what}: the server lists {siblings.GetArrayLength()} files; at most {maximumFiles} are accepted.");
            }

            HubListedFile[] files = [.. siblings.EnumerateArray().Select(sibling => File(sibling, what))];
            var twice = files.GroupBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
            return twice is null ? new HubListing(commit, files) : throw new HubException($"{what}: the server lists '{twice.Key}' twice.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException($"{what}: the server's answer is not a model listing ({error.Message}). Is the address a hub's?", error);
        }
    }

    private static HubListedFile File(JsonElement sibling, string what)
    {
        var name = sibling.GetProperty("rfilename").GetString() ?? string.Empty;
        if (!HubNames.IsSafe(name))
        {
            throw new HubException(
                $"{what}: the server lists a file '{HubNames.Printable(name)}', which could leave its folder; nothing was fetched."
            );
        }

        var large = sibling.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var hash = HubHash.Parse(large ? Text(lfs, "sha256") : Text(sibling, "blobId"));
        var size = Number(large ? lfs : sibling, "size") ?? Number(sibling, "size");
        return size < 0 ? throw new HubException($"{what}: the server gives '{name}' {size} bytes.") : new HubListedFile(name, size, hash);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}

/// <summary>A listed file: name, and size and hash where the server gives them.</summary>
internal sealed record HubListedFile(string Name, long? Size, HubHash? Hash);
