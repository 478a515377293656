// Reads JSONL tables (one JSON object per line) with System.Text.Json.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Duet.Data;

/// <summary>
/// A file of JSON objects, one per line; blank lines are skipped but counted. A value is a string, a number, a boolean, <c>null</c>
/// (missing) or an array of these; a key that a row lacks is a missing value.
/// </summary>
internal sealed partial class JsonlTableRows : ITableRows
{
    // Writers often leave null keys out, so the columns are what the first rows name together.
    private const int RowsSearchedForColumns = 1000;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly string _path;
    private readonly TableFile _file;
    private readonly TableLimits _limits;

    public JsonlTableRows(string path, TableLimits limits, Encoding? encoding = null)
    {
        (_path, _file, _limits) = (path, new TableFile(path, encoding), limits);
        Columns = FindColumns();
    }

    public IReadOnlyList<string> Columns { get; }

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        using var stream = _file.Open();
        var lines = new BoundedLines(stream, _limits.MaxRowBytes);
        for (var number = 1L; lines.Next(); number++)
        {
            var line = WithoutMark(lines.Line, number);
            if (lines.TooLong)
            {
                yield return TableRow.Bad(
                    number,
                    QuarantineReason.FieldTooLarge,
                    $"line {number} is longer than {_limits.MaxRowBytes} bytes"
                );
            }
            else if (!IsBlank(line.Span))
            {
                yield return Row(number, line, wanted);
            }
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> line, long number) =>
        number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private string[] FindColumns()
    {
        var columns = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (first, problem) = (0, (string?)null);
        using var stream = _file.Open();
        var lines = new BoundedLines(stream, _limits.MaxRowBytes);
        for (var number = 1L; number <= RowsSearchedForColumns && lines.Next(); number++)
        {
            var line = WithoutMark(lines.Line, number);
            if (lines.TooLong || IsBlank(line.Span) || !Utf8.IsValid(line.Span))
            {
                continue;
            }

            using var document = Parse(line, out var error);
            if (first++ == 0 && JsonLines.IsOtherJson(line.Span))
            {
                throw new TableException($"The table {_path} {JsonLines.Other}") { File = _path };
            }

            if (document is null)
            {
                problem ??= $"line {number}: {error}";
                continue;
            }

            columns.AddRange(document.RootElement.EnumerateObject().Select(property => property.Name).Where(seen.Add));
            if (columns.Count > _limits.MaxColumns)
            {
                throw new TableException(
                    $"{_path} has more than {_limits.MaxColumns} different keys in its first {number} lines (TableLimits.MaxColumns)."
                )
                {
                    File = _path,
                };
            }
        }

        return columns.Count > 0 || problem is null
            ? [.. columns]
            : throw new TableException(
                $"The table {_path} has no line that is a JSON object: {problem}. JSON Lines has one whole object per line, without "
                    + $"commas between them."
            )
            {
                File = _path,
            };
    }

    /// <summary>The JSON object of a row, with keys that can all be read; null, and what is wrong, where it is none.</summary>
    internal static JsonDocument? Parse(ReadOnlyMemory<byte> line, out string error)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(line, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                // Escapes in keys are resolved when a key is read, and half of a surrogate pair is no text.
                _ = document.RootElement.EnumerateObject().Count(property => property.Name.Length > 0);
                error = string.Empty;
                return document;
            }

            error = $"a JSON object was expected, not a value of kind {document.RootElement.ValueKind}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = line.Span.TrimEnd(" \t\r"u8) is [.., (byte)',']
                ? "there is a comma after the object; JSON Lines has none between the lines"
                : $"invalid JSON: {e.Message}";
        }

        document?.Dispose();
        return null;
    }

    private TableRow Row(long number, ReadOnlyMemory<byte> line, IReadOnlyList<string> wanted)
    {
        if (!Utf8.IsValid(line.Span))
        {
            return TableRow.Bad(number, QuarantineReason.InvalidEncoding, $"line {number} is {_file.Describe(line.Span)}");
        }

        using var document = Parse(line, out var error);
        if (document is null)
        {
            return TableRow.Bad(number, QuarantineReason.MalformedRow, $"line {number}: {error}");
        }

        var cells = new string[wanted.Count][];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!document.RootElement.TryGetProperty(wanted[i], out var value))
            {
                cells[i] = [];
                continue;
            }

            if (!TryRead(value, out cells[i]))
            {
                return TableRow.Bad(
                    number,
                    QuarantineReason.MalformedRow,
                    $"line {number}: '{wanted[i]}' must be a string, a number, a boolean, null or an array of these"
                );
            }

            if (cells[i].Sum(text => (long)Encoding.UTF8.GetByteCount(text)) > _limits.MaxFieldBytes)
            {
                return TableRow.Bad(
                    number,
                    QuarantineReason.FieldTooLarge,
                    $"line {number}: '{wanted[i]}' has more than {_limits.MaxFieldBytes} bytes"
                );
            }
        }

        return new TableRow(number, cells);
    }

    /// <summary>The texts of a value: one of a simple value, several of an array of these, none of <c>null</c>.</summary>
    internal static bool TryRead(JsonElement value, out string[] texts)
    {
        texts = [];
        if (value.ValueKind == JsonValueKind.Array)
        {
            var list = new List<string>();
            foreach (var element in value.EnumerateArray())
            {
                if (element.ValueKind == JsonValueKind.Array || !TryRead(element, out var inner))
                {
                    return false;
                }

                list.AddRange(inner);
            }

            texts = [.. list];
            return true;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.String => Text(value),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => string.Empty,
            _ => null,
        };
        texts = string.IsNullOrEmpty(text) ? [] : [text];
        return text is not null;
    }

    /// <summary>The string; an escape that is half of a surrogate pair becomes U+FFFD, as where texts are cut in the middle of
    /// one.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return JsonSerializer.Deserialize<string>(Escape.Replace(value.GetRawText(), pair => IsHalf(pair) ? @"\ufffd" : pair.Value));
        }
    }

    // A whole pair, or any other escape: the backslash of one escape must not begin another.
    private static bool IsHalf(Match escape) =>
        escape.Length == 6
        && char.IsSurrogate((char)int.Parse(escape.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Escape { get; }
}
