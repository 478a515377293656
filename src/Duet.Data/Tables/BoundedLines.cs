// Splits a byte stream into lines without ever holding more than a line's limit in memory.
namespace Duet.Data;

/// <summary>Reads lines ended by LF or CRLF.</summary>
/// <param name="stream">The input; read from its current position.</param>
/// <param name="maxBytes">The longest line that is kept.</param>
internal sealed class BoundedLines(Stream stream, int maxBytes)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

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
            var found = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(scanned + found, skip: 1);
                return true;
            }

            scanned = _end - _start;
            if (_ended)
            {
                Take(scanned, skip: 0);
                return scanned > 0 || TooLong;
            }

            if (scanned > maxBytes)
            {
                TooLong = true;
                (_start, scanned) = (_end, 0);
            }

            Fill();
        }
    }

    private void Take(int length, int skip)
    {
        TooLong |= length > maxBytes;
        Line = TooLong ? default : _buffer.AsMemory(_start, length > 0 && _buffer[_start + length - 1] == '\r' ? length - 1 : length);
        _start += length + skip;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, (long)maxBytes + (1 << 16)));
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
    }
}
