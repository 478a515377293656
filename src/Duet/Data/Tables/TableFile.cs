// Opens table files with checks that give readable errors.
namespace Duet.Data;

/// <summary>Opens a table for reading.</summary>
internal static class TableFile
{
    /// <summary>Opens a UTF-8 file for sequential reading.</summary>
    /// <exception cref="TableException">The file is missing, unreadable, no plain file, or UTF-16.</exception>
    public static FileStream Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TableException($"The table {path} cannot be opened: {e.Message}", e) { File = path };
        }

        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw new TableException($"The table {path} is no plain file; save it to disk first.") { File = path };
        }

        Span<byte> mark = stackalloc byte[2];
        var read = stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read == 2 && mark is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            stream.Dispose();
            throw new TableException($"The table {path} is UTF-16; save it as UTF-8.") { File = path };
        }

        return stream;
    }
}
