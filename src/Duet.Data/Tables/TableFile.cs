// Opens table files as UTF-8, with checks that give readable errors.
using System.Text;

namespace Duet.Data;

/// <summary>A table file that is read as UTF-8, whatever it is in.</summary>
/// <param name="path">The file.</param>
/// <param name="encoding">Its encoding; null for UTF-8. Another one is converted once, in memory.</param>
internal sealed class TableFile(string path, Encoding? encoding = null)
{
    /// <summary>The largest file that is converted.</summary>
    private const long MaxConverted = 512L << 20;

    // No character: what the encoding does not have becomes this byte, so that its row is refused and not changed in silence.
    private const byte Invalid = 0xFF;

    private byte[]? _converted;

    /// <summary>The name of what the file is in, for messages.</summary>
    public string EncodingName => encoding?.WebName ?? "UTF-8";

    /// <summary>What is wrong with bytes that are none of the file's encoding.</summary>
    public string Describe(ReadOnlySpan<byte> bytes) =>
        encoding is null ? TableEncoding.Advice(bytes) : $"not {EncodingName}; name another --encoding, or save the table as UTF-8";

    /// <summary>Opens the file for reading from its beginning.</summary>
    /// <exception cref="TableException">The file is missing, unreadable, no plain file, compressed, no text, UTF-16, or too large to be
    /// converted.</exception>
    public Stream Open() =>
        _converted is { } text ? new MemoryStream(text, writable: false)
        : encoding is null ? OpenFile()
        : new MemoryStream(_converted = Convert(encoding), writable: false);

    private FileStream OpenFile()
    {
        FileStream stream;
        try
        {
            stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 1 << 16,
                FileOptions.SequentialScan
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TableException($"The table {path} cannot be opened: {e.Message}", e) { File = path };
        }

        var problem = stream.CanSeek ? Problem(stream) : "is not a regular file; save it to disk first";
        if (problem is not null)
        {
            stream.Dispose();
            throw new TableException($"The table {path} {problem}.") { File = path };
        }

        return stream;
    }

    private string? Problem(FileStream stream)
    {
        Span<byte> head = stackalloc byte[64];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        return head switch
        {
            [0x1F, 0x8B, ..] => "is compressed (gzip); unpack it first, for instance with gunzip",
            [(byte)'B', (byte)'Z', (byte)'h', ..]
            or [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..]
            or [0x28, 0xB5, 0x2F, 0xFD, ..] => "is compressed; unpack it first",
            [(byte)'P', (byte)'K', 3, 4, ..] =>
                "is a ZIP archive, as workbooks (.xlsx) are too; save the sheet as CSV, or unpack the archive",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "is a Parquet file; save it as .csv or .jsonl",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => "is an old workbook (.xls); save the sheet as CSV",
            _ when encoding is not null => null,
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "is UTF-32; read it with --encoding utf-32, or save it as UTF-8",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "is UTF-16; read it with --encoding utf-16, or save it as UTF-8",
            _ when head.Contains((byte)0) =>
                "holds zero bytes, so it is not UTF-8 text; name its encoding (--encoding utf-16le, say) or save it as UTF-8",
            _ => null,
        };
    }

    private byte[] Convert(Encoding from)
    {
        using var stream = OpenFile();
        if (stream.Length > MaxConverted)
        {
            throw new TableException(
                $"The table {path} has {stream.Length} bytes; at most {MaxConverted} are converted from {EncodingName}. Convert it "
                    + $"first: iconv -f {EncodingName} -t UTF-8."
            )
            {
                File = path,
            };
        }

        using var memory = new MemoryStream();
        using (var utf8 = Encoding.CreateTranscodingStream(stream, from, Encoding.UTF8))
        {
            utf8.CopyTo(memory);
        }

        var text = memory.ToArray();
        for (var rest = text.AsSpan(); rest.IndexOf("\uFFFD"u8) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            rest[at] = Invalid;
        }

        return text;
    }
}
