// The table formats that can be read.
namespace Duet.Data;

/// <summary>How a table file is written.</summary>
public enum TableFormat
{
    /// <summary>By the file's extension: <c>.csv</c>, <c>.tsv</c>, <c>.jsonl</c>, <c>.ndjson</c>.</summary>
    Auto,

    /// <summary>Delimited text with a header (RFC 4180 quoting).</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    Jsonl,
}
