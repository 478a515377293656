// The keys that clients show.
using System.Security.Cryptography;
using System.Text;

namespace Duet.Server.Security;

/// <summary>
/// Keys as SHA-256 hashes. A shown key is hashed and compared with every hash in fixed time, so that the time an answer takes says nothing
/// about how much of a key was right.
/// </summary>
internal sealed class ApiKeys
{
    /// <summary>The environment variable with the keys.</summary>
    public const string Variable = "DUET_API_KEYS";

    private const int MinLength = 16;
    private const string HashPrefix = "sha256:";

    private readonly byte[][] _hashes;

    private ApiKeys(byte[][] hashes) => _hashes = hashes;

    /// <summary>Whether there are keys at all.</summary>
    public bool Any => _hashes.Length > 0;

    /// <summary>Reads keys that are separated by commas or white space; <c>sha256:</c> with 64 hexadecimal digits is the hash of
    /// one.</summary>
    /// <exception cref="OptionException">One is too short to be safe, or its hash is none.</exception>
    public static ApiKeys Parse(string? text) =>
        new([.. (text ?? string.Empty).Split([',', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(Hash)]);

    /// <summary>A short name of a key for counting, that says nothing about the key; null where it is not among the keys.</summary>
    public string? Find(string shown)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(shown));
        var found = -1;
        for (var i = 0; i < _hashes.Length; i++)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, _hashes[i]) ? i : found;
        }

        return found < 0 ? null : Convert.ToHexStringLower(_hashes[found].AsSpan(0, 4));
    }

    private static byte[] Hash(string key)
    {
        if (key.StartsWith(HashPrefix, StringComparison.OrdinalIgnoreCase))
        {
            var digits = key[HashPrefix.Length..];
            OptionException.Require(
                digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit),
                $"{Variable} has an entry that begins with {HashPrefix} without 64 hexadecimal digits behind it."
            );
            return Convert.FromHexString(digits);
        }

        OptionException.Require(
            key.Length >= MinLength,
            $"{Variable} has a key of {key.Length} characters; it must have {MinLength} at least. `openssl rand -hex 24` makes one."
        );
        return SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }
}
