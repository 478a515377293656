// The hash a hub gives a file: SHA-256 for large files, git's own for the others.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Duet.Models.Pretrained.Hub;

/// <summary>A file's hash, which is also its name among the cache's blobs.</summary>
internal sealed record HubHash
{
    private HubHash(string value) => Value = value;

    /// <summary>Lower-case hexadecimal digits: 64 (SHA-256 of the content) or 40 (SHA-1 of git's blob, header and content).</summary>
    public string Value { get; }

    /// <summary>Reads an entity tag, weak or strong, quoted or not; null where it is neither hash.</summary>
    public static HubHash? Parse(string? tag)
    {
        if (tag is null)
        {
            return null;
        }

        var bare = tag.Trim();
        bare = bare.StartsWith("W/", StringComparison.Ordinal) ? bare[2..] : bare;
        bare = bare.Trim('"');
        return bare.Length is 40 or 64 && bare.All(char.IsAsciiHexDigit) ? new HubHash(bare.ToLowerInvariant()) : null;
    }

    /// <summary>The hash of this kind that a file has.</summary>
    public async Task<string> OfAsync(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(Value.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        await using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1,
            FileOptions.Asynchronous | FileOptions.SequentialScan
        );
        if (Value.Length == 40)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        }

        var buffer = new byte[1 << 20];
        for (
            var count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            count > 0;
            count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)
        )
        {
            hash.AppendData(buffer, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
