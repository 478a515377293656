// duet taxonomy
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Inference;
using Spectre.Console;

namespace Duet.Cli.Commands;

/// <summary>Shows and checks a taxonomy.</summary>
internal sealed class TaxonomyCommand : Verb
{
    private const int Shown = 20;

    private readonly Argument<string> _file = new("FILE")
    {
        Description =
            "A taxonomy: a Google product taxonomy file or any text with one 'A > B > C' path per line; or a table (.csv, .tsv, "
            + ".jsonl) whose --column holds such paths.",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "TABLE",
        Description = "A table whose labels should be in the taxonomy.",
    };

    private readonly Option<string?> _column = new("--column")
    {
        HelpName = "COLUMN",
        Description = "The column with the labels (or, if FILE is a table, with the paths).",
    };

    private readonly Option<string?> _encoding = LossOptions.Encoding("utf-8");

    private readonly Option<bool> _json = new("--json") { Description = "Write everything as JSON." };

    /// <summary>Creates the command.</summary>
    public TaxonomyCommand()
        : base(
            "taxonomy",
            "Shows a taxonomy and checks it: levels, categories, lines given twice, labels that are not in it.",
            "Ends with exit code 1 if labels are not in the taxonomy. A label may be a path, an id, or a name that only one category has.",
            "duet taxonomy taxonomy-with-ids.en-US.txt",
            "duet taxonomy taxonomy.de-DE.txt --labels products.csv --column category"
        )
    {
        Arguments.Add(_file);
        foreach (var option in (Option[])[_labels, _column, _encoding, _json])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var (path, table, name) = (parsed.GetValue(_file)!, parsed.GetValue(_labels), parsed.GetValue(_column));
        if ((table is not null || IsTable(path)) && name is null)
        {
            throw new UsageException("--column is missing: name the column of the table.");
        }

        if (table is not null && IsTable(path))
        {
            throw new UsageException($"--labels needs a taxonomy file to compare with, and {path} is a table.");
        }

        var taxonomy = IsTable(path)
            ? Taxonomy.FromPaths(Values(path, name!, parsed.GetValue(_encoding), session).Keys)
            : TaxonomyFile.Load(path);
        var check = table is null ? null : Check(taxonomy, Values(table, name!, parsed.GetValue(_encoding), session));
        if (parsed.GetValue(_json))
        {
            Terminal.Say(ToJson(taxonomy, check).ToJsonString(AnswerJson.Options));
        }
        else
        {
            Draw(taxonomy, check, session);
        }

        return check is null || check.Missing.Count + check.Ambiguous.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool IsTable(string path) => Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV" or ".JSONL" or ".NDJSON";

    // The column read as a text: labels as they are, and how many rows have each.
    private static SortedDictionary<string, int> Values(string path, string column, string? encoding, Session session)
    {
        var quarantine = new Quarantine();
        var values = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var table = new TableOptions
        {
            Path = path,
            TextColumns = [column],
            Encoding = encoding,
            Note = session.Terminal.Remark,
        };
        foreach (var product in ProductTable.Open(table).Read(quarantine))
        {
            session.Stop.ThrowIfCancellationRequested();
            var label = product.Text.Trim();
            values[label] = values.GetValueOrDefault(label) + 1;
        }

        RowProgress.TellQuarantine(session.Terminal, quarantine, where: null);
        return values;
    }

    private static LabelCheck Check(Taxonomy taxonomy, SortedDictionary<string, int> values)
    {
        var check = new LabelCheck([], [], []);
        foreach (var (label, rows) in values)
        {
            try
            {
                (taxonomy.Find(label) is null ? check.Missing : check.Found).Add((label, rows));
            }
            catch (TableException e)
            {
                check.Ambiguous.Add((e.Message, rows));
            }
        }

        return check;
    }

    private static void Draw(Taxonomy taxonomy, LabelCheck? check, Session session)
    {
        var culture = CultureInfo.InvariantCulture;
        if (taxonomy.Title is { } title)
        {
            Terminal.Say(title);
        }

        Terminal.Say(
            string.Create(
                culture,
                $"{taxonomy.Nodes.Count} categories in {taxonomy.Depth} levels, {taxonomy.Roots.Count()} roots, "
                    + $"{taxonomy.Leaves.Count()} leaves, {taxonomy.Implied.Count()} only named in others' paths, "
                    + $"{taxonomy.AmbiguousNames.Count()} "
                    + $"names used more than once, {taxonomy.Problems.Count} problems."
            )
        );
        var levels = new Table().Border(TableBorder.Simple).AddColumns("level", "categories", "for instance");
        foreach (var level in taxonomy.Nodes.GroupBy(node => node.Depth).OrderBy(level => level.Key))
        {
            levels.AddRow(level.Key.ToString(culture), level.Count().ToString(culture), Markup.Escape(level.First().Path));
        }

        session.Terminal.Out.Write(levels);
        Tell(
            taxonomy.Problems.Select(problem => string.Create(culture, $"line {problem.Line}: {problem.Detail}")),
            taxonomy.Problems.Count
        );
        if (check is not null)
        {
            Terminal.Say(
                string.Create(
                    culture,
                    $"{check.Found.Count} labels ({check.Found.Sum(label => label.Rows)} rows) are in the taxonomy, "
                        + $"{check.Missing.Count} ({check.Missing.Sum(label => label.Rows)} rows) are not, {check.Ambiguous.Count} "
                        + $"could be several."
                )
            );
            Tell(check.Missing.Select(label => $"not in it: {Describe(label.Label, label.Rows, taxonomy)}"), check.Missing.Count);
            Tell(check.Ambiguous.Select(label => label.Label), check.Ambiguous.Count);
        }
    }

    private static string Describe(string label, int rows, Taxonomy taxonomy) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{label}' ({rows} rows){(taxonomy.Nearest(label) is { } nearest ? $", near '{nearest}'" : string.Empty)}"
        );

    private static void Tell(IEnumerable<string> lines, int count)
    {
        foreach (var line in lines.Take(Shown))
        {
            Terminal.Say(line);
        }

        if (count > Shown)
        {
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"... and {count - Shown} more; --json lists all."));
        }
    }

    private static JsonObject ToJson(Taxonomy taxonomy, LabelCheck? check)
    {
        static JsonArray List(IEnumerable<(string Label, int Rows)> labels) =>
            [.. labels.Select(JsonNode (label) => new JsonObject { ["label"] = label.Label, ["rows"] = label.Rows })];
        var all = new JsonObject
        {
            ["title"] = taxonomy.Title,
            ["categories"] = taxonomy.Nodes.Count,
            ["depth"] = taxonomy.Depth,
            ["roots"] = taxonomy.Roots.Count(),
            ["leaves"] = taxonomy.Leaves.Count(),
            ["implied"] = new JsonArray([.. taxonomy.Implied.Select(JsonNode (node) => JsonValue.Create(node.Path))]),
            ["ambiguous_names"] = new JsonArray([.. taxonomy.AmbiguousNames.Select(JsonNode (name) => JsonValue.Create(name))]),
            ["problems"] = JsonSerializer.SerializeToNode(taxonomy.Problems, AnswerJson.Options),
        };
        if (check is not null)
        {
            all["labels"] = new JsonObject
            {
                ["found"] = List(check.Found),
                ["missing"] = List(check.Missing),
                ["ambiguous"] = List(check.Ambiguous),
            };
        }

        return all;
    }

    private sealed record LabelCheck(
        List<(string Label, int Rows)> Found,
        List<(string Label, int Rows)> Missing,
        List<(string Label, int Rows)> Ambiguous
    );
}
