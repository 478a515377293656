// Matrices as NumPy files, written row by row.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Duet.Inference;

/// <summary>
/// Writes a float32 matrix <c>[N, D]</c> in NumPy's format, version 1.0 (numpy.lib.format): magic, version, header length, a dictionary
/// padded with spaces to a multiple of 64 bytes, then the rows. N is filled in at the end, so that rows can be streamed.
/// </summary>
internal sealed class NpyWriter
{
    // Enough for any two lengths, and a multiple of 64 as the format requires.
    private const int HeaderLength = 128;
    private readonly Stream _stream;
    private readonly int _width;
    private long _rows;

    /// <summary>Starts a matrix at the beginning of a stream that can be written and sought.</summary>
    public NpyWriter(Stream stream, int width)
    {
        (_stream, _width) = (stream, width);
        stream.Write(Header());
    }

    /// <summary>Appends a row of D numbers.</summary>
    public void Write(ReadOnlySpan<float> row)
    {
        if (row.Length != _width)
        {
            throw new ArgumentException($"The row has {row.Length} values, the matrix {_width} columns.", nameof(row));
        }

        _stream.Write(MemoryMarshal.AsBytes(row));
        _rows++;
    }

    /// <summary>Fills in the number of rows.</summary>
    public void Finish()
    {
        var end = _stream.Position;
        _stream.Position = 0;
        _stream.Write(Header());
        _stream.Position = end;
    }

    private byte[] Header()
    {
        var order = BitConverter.IsLittleEndian ? '<' : '>';
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '{order}f4', 'fortran_order': False, 'shape': ({_rows}, {_width}), }}"
        );
        var header = new byte[HeaderLength];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        (header[6], header[7]) = (1, 0);
        (header[8], header[9]) = ((HeaderLength - 10) & 0xFF, (HeaderLength - 10) >> 8);
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
