// What to say of files that are tables of another kind.

namespace Duet.Data;

/// <summary>Words for file extensions that are not read.</summary>
internal static class TableFormats
{
    /// <summary>Why a table of this extension is not read and what to do, to be put after its name.</summary>
    /// <param name="extension">In upper case, with its dot; empty for none.</param>
    public static string Refusal(string extension) =>
        extension switch
        {
            "" => "has no extension; name it .csv (commas), .tsv (tabs), or .jsonl (a JSON object per line).",
            ".XLSX" or ".XLS" or ".XLSM" or ".ODS" =>
                $"is a workbook ({Lower(extension)}), which is not read; save the sheet as CSV (UTF-8).",
            ".JSON" => "is .json, which is not read: a table has one JSON object per line and the extension .jsonl. An array of objects is "
                + "converted by: jq -c '.[]' FILE.json > FILE.jsonl",
            ".PARQUET" or ".FEATHER" or ".ARROW" or ".ORC" or ".AVRO" =>
                $"is {Lower(extension)}, which is not read; write it as .csv or .jsonl, for instance in Python: "
                    + $"pandas.read_parquet(FILE).to_csv(\"FILE.csv\", index=False)",
            ".GZ" or ".BZ2" or ".XZ" or ".ZST" or ".ZIP" or ".7Z" => $"is compressed ({Lower(extension)}); unpack it first.",
            _ => $"has the extension {Lower(extension)}, which is not a supported format; supported are .csv, .tsv, .txt (read as "
                + $"CSV), .jsonl and .ndjson.",
        };

    private static string Lower(string extension) => extension.ToLowerInvariant();
}

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
