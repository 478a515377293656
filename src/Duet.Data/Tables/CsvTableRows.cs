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

    private readonly string path;
    private readonly TableFile file;
    private readonly char delimiter;
    private readonly TableLimits limits;

    private readonly bool hasHeader;

    // Without names of columns the first line names them.
    public CsvTableRows(string path, char delimiter, TableLimits limits, IReadOnlyList<string>? columns = null, Encoding? encoding = null)
    {
        file = new TableFile(path, encoding);
        (this.path, this.delimiter, this.limits, hasHeader) = (path, delimiter, limits, columns is null);
        using var scan = new Scan(this, StartOffset, firstLine: 1, hasHeader, restarted: false);
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
            using var scan = new Scan(this, offset, line, hasHeader && !restarted, restarted);
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

        throw TableException.MissingColumn(path, column, "a column", Columns);
    }

    private string[] ReadHeader(CsvReader reader)
    {
        try
        {
            reader.ReadHeader();
        }
        catch (CsvFormatException e)
        {
            throw new TableException($"{path}: the header cannot be read ({e.Message}). The first line must name the columns.", e) { File = path };
        }

        var headers = reader.Headers ?? [];
        if (headers.Count > limits.MaxColumns)
        {
            throw new TableException($"{path} has {headers.Count} columns; at most {limits.MaxColumns} are read (TableLimits.MaxColumns).") { File = path };
        }

        return [.. headers];
    }

    /// <summary>The offset after the first line break at or after <paramref name="offset"/>; <c>null</c> where the file ends first.</summary>
    private long? AfterLine(long offset)
    {
        using var stream = file.Open();
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
        private readonly CsvTableRows table;
        private readonly long start;
        private readonly long firstLine;
        private readonly Stream stream;
        private CsvMalformedReason? malformed;
        private string tooLong = string.Empty;
        private bool strict;

        public Scan(CsvTableRows table, long offset, long firstLine, bool hasHeader, bool restarted)
        {
            (this.table, this.start, this.firstLine) = (table, offset, firstLine);
            strict = restarted;
            stream = table.file.Open();
            stream.Position = offset;
            Reader = CsvReader.Create(stream, new CsvReaderOptions
            {
                HasHeader = hasHeader,
                Separator = table.delimiter,
                MaxRecordSize = table.limits.MaxRowBytes,
                TrackLineNumbers = true,
                PoolStrings = true,
                MalformedData = CsvMalformedDataHandling.Recover,
                OnMalformedRecord = record => malformed = record.Reason,
            });
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
            malformed = null;
            try
            {
                if (!Reader.Read())
                {
                    return false;
                }

                (RecordOffset, Line) = (start + Reader.ByteOffset, firstLine + Reader.LineNumber - 1);
                return true;
            }
            catch (CsvFormatException e)
            {
                // Thrown for a record over MaxRecordSize only; the reader cannot go on after it.
                (RecordOffset, Line) = (start + e.ByteOffset, firstLine + e.LineNumber - 1);
                tooLong = $"line {Line}: the row is longer than {table.limits.MaxRowBytes} bytes, perhaps by a quote that is never closed";
                MustRestart = true;
                return true;
            }
        }

        /// <summary>The current record's wanted cells, or its problem.</summary>
        public TableRow Row(long number, int[] indexes, int columns)
        {
            if (MustRestart)
            {
                return TableRow.Bad(number, QuarantineReason.FieldTooLarge, tooLong);
            }

            // A quote in the middle of an unquoted field (5" heel) reads as it is, except right after a restart,
            // where it most likely closes a field whose beginning was lost.
            if (malformed is { } reason && (strict || reason != CsvMalformedReason.StrayQuote))
            {
                MustRestart = Reader.RawRecord.Contains((byte)'\n');
                return TableRow.Bad(number, QuarantineReason.MalformedRow, $"line {Line}: {Describe(reason)}");
            }

            if (Reader.FieldCount != columns)
            {
                return TableRow.Bad(number, QuarantineReason.FieldCount, $"line {Line}: {Reader.FieldCount} fields where {columns} are expected");
            }

            strict = false;
            return Cells(number, indexes);
        }

        public void Dispose()
        {
            Reader.Dispose();
            stream.Dispose();
        }

        private static string Describe(CsvMalformedReason reason) => reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "a quoted field is never closed",
            CsvMalformedReason.TextAfterClosingQuote => "there is text after a closing quote; a quote inside a quoted field must be doubled",
            CsvMalformedReason.StrayQuote => "there is a quote inside an unquoted field",
            _ => $"the quoting is broken ({reason})",
        };

        private TableRow Cells(long number, int[] indexes)
        {
            var cells = new string[indexes.Length][];
            for (var i = 0; i < indexes.Length; i++)
            {
                var bytes = Reader.GetSpan(indexes[i]);
                if (bytes.Length > table.limits.MaxFieldBytes)
                {
                    return TableRow.Bad(number, QuarantineReason.FieldTooLarge, $"line {Line}: column '{table.Columns[indexes[i]]}' has {bytes.Length} bytes, at most {table.limits.MaxFieldBytes} are read");
                }

                if (!Utf8.IsValid(bytes))
                {
                    return TableRow.Bad(number, QuarantineReason.InvalidEncoding, $"line {Line}: column '{table.Columns[indexes[i]]}' is {table.file.Describe(bytes)}");
                }

                cells[i] = bytes.IsEmpty ? [] : [Reader.GetString(indexes[i])];
            }

            return new TableRow(number, cells);
        }
    }
}
