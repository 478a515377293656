// Splits a byte stream into lines without ever holding more than a line's limit in memory.
namespace Duet.Data;

/// <summary>Reads lines ended by LF or CRLF.</summary>
/// <param name="stream">The input; read from its current position.</param>
/// <param name="maxBytes">The longest line that is kept.</param>
internal sealed class BoundedLines(Stream stream, int maxBytes)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    /// <summary>Whether the current line was over the limit (then it is skipped and <see cref="Line"/> is empty).</summary>
    public bool TooLong { get; private set; }

    /// <summary>The current line without its line break; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Moves to the next line; <c>false</c> at the end.</summary>
    public bool Next()
    {
        TooLong = false;
        Line = default;
        var scanned = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + scanned, end - start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(scanned + found, skip: 1);
                return true;
            }

            scanned = end - start;
            if (ended)
            {
                Take(scanned, skip: 0);
                return scanned > 0 || TooLong;
            }

            if (scanned > maxBytes)
            {
                TooLong = true;
                (start, scanned) = (end, 0);
            }

            Fill();
        }
    }

    private void Take(int length, int skip)
    {
        TooLong |= length > maxBytes;
        Line = TooLong ? default : buffer.AsMemory(start, length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length);
        start += length + skip;
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, (long)maxBytes + (1 << 16)));
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
    }
}
