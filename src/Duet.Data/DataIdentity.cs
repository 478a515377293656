// Tells whether a data set is still the one that a run began with.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Duet.Data;

/// <summary>A number for the content of a data set.</summary>
internal static class DataIdentity
{
    // Beyond this a file is identified by its ends and length: reading all of Fashion-Gen takes minutes.
    private const long WholeBytes = 1L << 30;
    private const int EndBytes = 16 << 20;

    /// <summary>
    /// The SHA-256 of a file; of a file over 1 GiB that of its length, its first and its last 16 MiB; of a folder that of the names and
    /// lengths of all files in it, as lower-case hexadecimal.
    /// </summary>
    public static string Hash(string path)
    {
        if (Directory.Exists(path))
        {
            return HashFolder(path);
        }

        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(stream.Length <= WholeBytes ? SHA256.HashData(stream) : HashEnds(stream));
    }

    /// <summary>Whether two names mean the same file or folder: full paths are compared, without a separator at the end.</summary>
    public static bool IsSamePath(string one, string other) =>
        one.Length > 0 && other.Length > 0 && string.Equals(Full(one), Full(other), StringComparison.Ordinal);

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string HashFolder(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FolderFiles.Below(folder))
        {
            hash.AppendData(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, file)}\0{new FileInfo(file).Length}\n")
                )
            );
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] HashEnds(FileStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[EndBytes];
        hash.AppendData(BitConverter.GetBytes(stream.Length));
        foreach (var start in (long[])[0, stream.Length - EndBytes])
        {
            stream.Position = start;
            stream.ReadExactly(buffer);
            hash.AppendData(buffer);
        }

        return hash.GetHashAndReset();
    }
}
