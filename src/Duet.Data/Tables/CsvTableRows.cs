// Reads delimited tables (CSV, TSV) row by row with CsvHelper, so that one wrong row costs one row.
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Duet.Data;

/// <summary>
/// A delimited file with a header. After a row whose quoting is broken over several lines, reading starts again at the next line:
/// a quote that is never closed would otherwise swallow every row after it.
/// </summary>
internal sealed class CsvTableRows : ITableRows
{
    private const int StartOffset = 0;

    private readonly string _path;
    private readonly TableFile _file;
    private readonly char _delimiter;
    private readonly TableLimits _limits;

    private readonly bool _hasHeader;

    // Without names of columns the first line names them.
    public CsvTableRows(string path, char delimiter, TableLimits limits, IReadOnlyList<string>? columns = null, Encoding? encoding = null)
    {
        _file = new TableFile(path, encoding);
        (_path, _delimiter, _limits, _hasHeader) = (path, delimiter, limits, columns is null);
        using var scan = new Scan(this, StartOffset, firstLine: 1, _hasHeader, restarted: false);
        Columns = columns ?? ReadHeader(scan.Reader);
    }

    public IReadOnlyList<string> Columns { get; }

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var indexes = wanted.Select(IndexOf).ToArray();
        var number = 0L;
        var (offset, line, restarted) = ((long)StartOffset, 1L, false);
        while (true)
        {
            using var scan = new Scan(this, offset, line, _hasHeader && !restarted, restarted);
            while (scan.Next())
            {
                number++;
                yield return scan.Row(number, indexes, Columns.Count);
                if (scan.MustRestart)
                {
                    break;
                }
            }

            if (!scan.MustRestart || AfterLine(scan.RecordOffset) is not { } next)
            {
                yield break;
            }

            (offset, line, restarted) = (next, scan.Line + 1, true);
        }
    }

    private int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw TableException.MissingColumn(_path, column, "a column", Columns);
    }

    private string[] ReadHeader(CsvReader reader)
    {
        try
        {
            reader.ReadHeader();
        }
        catch (CsvFormatException e)
        {
            throw new TableException($"{_path}: the header cannot be read ({e.Message}). The first line must name the columns.", e)
            {
                File = _path,
            };
        }

        var headers = reader.Headers ?? [];
        if (headers.Count > _limits.MaxColumns)
        {
            throw new TableException(
                $"{_path} has {headers.Count} columns; at most {_limits.MaxColumns} are read (TableLimits.MaxColumns)."
            )
            {
                File = _path,
            };
        }

        return [.. headers];
    }

    /// <summary>The offset after the first line break at or after <paramref name="offset"/>; <c>null</c> where the file ends
    /// first.</summary>
    private long? AfterLine(long offset)
    {
        using var stream = _file.Open();
        stream.Position = offset;
        var buffer = new byte[4096];
        for (int read; (read = stream.Read(buffer)) > 0; offset += read)
        {
            var found = buffer.AsSpan(0, read).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return offset + found + 1;
            }
        }

        return null;
    }

    /// <summary>One pass of the CSV reader from an offset of the file.</summary>
    private sealed class Scan : IDisposable
    {
        private readonly CsvTableRows _table;
        private readonly long _start;
        private readonly long _firstLine;
        private readonly Stream _stream;
        private CsvMalformedReason? _malformed;
        private string _tooLong = string.Empty;
        private bool _strict;

        public Scan(CsvTableRows table, long offset, long firstLine, bool hasHeader, bool restarted)
        {
            (_table, _start, _firstLine) = (table, offset, firstLine);
            _strict = restarted;
            _stream = table._file.Open();
            _stream.Position = offset;
            Reader = CsvReader.Create(
                _stream,
                new CsvReaderOptions
                {
                    HasHeader = hasHeader,
                    Separator = table._delimiter,
                    MaxRecordSize = table._limits.MaxRowBytes,
                    TrackLineNumbers = true,
                    PoolStrings = true,
                    MalformedData = CsvMalformedDataHandling.Recover,
                    OnMalformedRecord = record => _malformed = record.Reason,
                }
            );
        }

        public CsvReader Reader { get; }

        /// <summary>Where the current record starts in the file.</summary>
        public long RecordOffset { get; private set; }

        /// <summary>The line of the file the current record starts on.</summary>
        public long Line { get; private set; }

        /// <summary>Whether the current record may have swallowed others, so that reading must start again at the next line.</summary>
        public bool MustRestart { get; private set; }

        /// <summary>Moves to the next record; <c>false</c> at the end.</summary>
        public bool Next()
        {
            _malformed = null;
            try
            {
                if (!Reader.Read())
                {
                    return false;
                }

                (RecordOffset, Line) = (_start + Reader.ByteOffset, _firstLine + Reader.LineNumber - 1);
                return true;
            }
            catch (CsvFormatException e)
            {
                // Thrown for a record over MaxRecordSize only; the reader cannot go on after it.
                (RecordOffset, Line) = (_start + e.ByteOffset, _firstLine + e.LineNumber - 1);
                _tooLong =
                    $"line {Line}: the row is longer than {_table._limits.MaxRowBytes} bytes, perhaps by a quote that is never closed";
                MustRestart = true;
                return true;
            }
        }

        /// <summary>The current record's wanted cells, or its problem.</summary>
        public TableRow Row(long number, int[] indexes, int columns)
        {
            if (MustRestart)
            {
                return TableRow.Bad(number, QuarantineReason.FieldTooLarge, _tooLong);
            }

            // A quote in the middle of an unquoted field (5" heel) reads as it is, except right after a restart,
            // where it most likely closes a field whose beginning was lost.
            if (_malformed is { } reason && (_strict || reason != CsvMalformedReason.StrayQuote))
            {
                MustRestart = Reader.RawRecord.Contains((byte)'\n');
                return TableRow.Bad(number, QuarantineReason.MalformedRow, $"line {Line}: {Describe(reason)}");
            }

            if (Reader.FieldCount != columns)
            {
                return TableRow.Bad(
                    number,
                    QuarantineReason.FieldCount,
                    $"line {Line}: {Reader.FieldCount} fields where {columns} are expected"
                );
            }

            _strict = false;
            return Cells(number, indexes);
        }

        public void Dispose()
        {
            Reader.Dispose();
            _stream.Dispose();
        }

        private static string Describe(CsvMalformedReason reason) =>
            reason switch
            {
                CsvMalformedReason.UnterminatedQuote => "a quoted field is never closed",
                CsvMalformedReason.TextAfterClosingQuote =>
                    "there is text after a closing quote; a quote inside a quoted field must be doubled",
                CsvMalformedReason.StrayQuote => "there is a quote inside an unquoted field",
                _ => $"the quoting is broken ({reason})",
            };

        private TableRow Cells(long number, int[] indexes)
        {
            var cells = new string[indexes.Length][];
            for (var i = 0; i < indexes.Length; i++)
            {
                var bytes = Reader.GetSpan(indexes[i]);
                if (bytes.Length > _table._limits.MaxFieldBytes)
                {
                    return TableRow.Bad(
                        number,
                        QuarantineReason.FieldTooLarge,
                        $"line {Line}: column '{_table.Columns[indexes[i]]}' has {bytes.Length} bytes, at most "
                            + $"{_table._limits.MaxFieldBytes} are read"
                    );
                }

                if (!Utf8.IsValid(bytes))
                {
                    return TableRow.Bad(
                        number,
                        QuarantineReason.InvalidEncoding,
                        $"line {Line}: column '{_table.Columns[indexes[i]]}' is {_table._file.Describe(bytes)}"
                    );
                }

                cells[i] = bytes.IsEmpty ? [] : [Reader.GetString(indexes[i])];
            }

            return new TableRow(number, cells);
        }
    }
}
