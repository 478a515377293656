// What a check found.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;

namespace Duet.Data.Checks;

/// <summary>Figures and findings of a checked data set.</summary>
public sealed record DataCheckReport
{
    private static readonly string[] Header = ["kind", "row", "id", "other_row", "other_id", "task", "score", "file", "detail"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The data set.</summary>
    public required string Path { get; init; }

    /// <summary>Its format as users write it.</summary>
    public required string Format { get; init; }

    /// <summary>Rows that can be used.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that were set aside when the table was read.</summary>
    public required long RefusedRows { get; init; }

    /// <summary>Usable rows per split; empty without a split column.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>The labels per task.</summary>
    public required IReadOnlyDictionary<string, TaskSummary> Tasks { get; init; }

    /// <summary>Rows per language (by the language column) or per script of the text.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Whether <see cref="Languages"/> are scripts, found from the letters.</summary>
    public required bool LanguagesAreScripts { get; init; }

    /// <summary>Cells that name a picture, in the rows that can be used.</summary>
    public required int PictureCells { get; init; }

    /// <summary>Files that they name, each once; those that are refused by their path alone are not among them.</summary>
    public required int PictureFiles { get; init; }

    /// <summary>Files of these that are pictures which can be used.</summary>
    public required int Pictures { get; init; }

    /// <summary>Pictures and texts that occur in more than 2 % of the rows, the commonest first.</summary>
    public IReadOnlyList<CommonValue> Common { get; init; } = [];

    /// <summary>
    /// Pictures that the search for near pictures left out of a part of its index, because 2,000 earlier ones share that part of their
    /// hash: later pictures that look like them may not have been found.
    /// </summary>
    public int PicturesNotIndexed { get; init; }

    /// <summary>Findings by kind; of leaks and twins the number of rows.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<DataIssueKind, int> Counts =>
        Issues.GroupBy(issue => issue.Kind).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>All findings.</summary>
    [JsonIgnore]
    public IReadOnlyList<DataIssue> Issues { get; init; } = [];

    /// <summary>The name of a kind in files.</summary>
    public static string NameOf(DataIssueKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>The figures as JSON; the findings are counted only.</summary>
    public string ToJson()
    {
        var document = JsonSerializer.SerializeToNode(this, Json)!.AsObject();
        document["issues"] = JsonSerializer.SerializeToNode(
            Enum.GetValues<DataIssueKind>().ToDictionary(NameOf, kind => Counts.GetValueOrDefault(kind), StringComparer.Ordinal),
            Json
        );
        return document.ToJsonString(Json);
    }

    /// <summary>Writes all findings as CSV (<c>kind,row,id,other_row,other_id,task,score,file,detail</c>) under a temporary name, then
    /// renames it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteIssues(string path) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
                csv.WriteHeader(Header);
                foreach (var issue in Issues)
                {
                    csv.WriteRecord([
                        NameOf(issue.Kind),
                        issue.Row.ToString(CultureInfo.InvariantCulture),
                        issue.Id,
                        issue.OtherRow?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
                        issue.OtherId,
                        issue.Task,
                        issue.Score?.ToString("0.####", CultureInfo.InvariantCulture) ?? string.Empty,
                        issue.File,
                        issue.Detail,
                    ]);
                }
            }
        );
}

/// <summary>What occurs in so many rows that it says nothing about a product: a shop's logo, a stock sentence.</summary>
/// <param name="What"><c>picture</c> or <c>text</c>.</param>
/// <param name="Value">The first file with the picture, or the text as its first row has it.</param>
/// <param name="Rows">How many rows have it.</param>
public sealed record CommonValue(string What, string Value, int Rows);

/// <summary>The labels of a task.</summary>
/// <param name="Labelled">Rows with a label.</param>
/// <param name="Missing">Rows without.</param>
/// <param name="Classes">Rows per class, the most frequent first.</param>
/// <param name="SuspectLabels">Labels that are probably wrong; null where that was not looked for.</param>
/// <param name="Accuracy">The accuracy (of several labels: micro F1) of the out-of-fold predictions that suspect labels are found with;
/// null likewise.</param>
public sealed record TaskSummary(int Labelled, int Missing, IReadOnlyDictionary<string, int> Classes, int? SuspectLabels, double? Accuracy)
{
    /// <summary>Labels that are written in several ways, those of most rows first: the rows of each spelling, the commonest
    /// first.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, int>> Spellings { get; init; } = [];

    /// <summary>What the column looks like instead of labels, or of one label each; null where it looks like labels.</summary>
    public string? LooksLike { get; init; }
}
