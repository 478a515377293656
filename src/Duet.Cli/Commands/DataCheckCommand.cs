// duet data check
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Data.Checks;
using Duet.Runs;
using Duet.Torch.Safetensors;
using Spectre.Console;

namespace Duet.Cli.Commands;

/// <summary>Checks a data set.</summary>
internal sealed class DataCheckCommand : Verb
{
    private const int ClassesShown = 5;
    private const int SpellingsShown = 10;
    private const int CommonShown = 5;
    private const int LongestShown = 100;

    private readonly TableOptionSet _table = new(trains: false);

    private readonly Option<string?> _language = new("--language")
    {
        HelpName = "COLUMN",
        Description = "The column that names the language or country of a row (GLAMI-1M: geo). Without it texts are counted by script.",
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        HelpName = "T",
        Description = $"Threads that decode and learn, 1 to 1024 (all cores: {Environment.ProcessorCount} here).",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description =
            "Write every finding to a .csv, or to - for standard output: kind, row, id, the row it is compared with, task, score, "
            + "file, detail.",
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE",
        Description = "Write the figures as JSON to a file, or to standard output where no file (or -) is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Creates the command.</summary>
    public DataCheckCommand()
        : base(
            "check",
            "Checks a data set: rows, classes, languages, broken pictures, duplicates, leaks between splits, labels that look wrong.",
            "Decodes every picture. Duplicates are found by content, by appearance (perceptual hash) and by text; suspect labels by "
                + "confident learning on out-of-fold predictions of a linear model. Findings do not change the exit code.",
            "duet data check --data products.csv --text title --image image --task category --split-column split --output issues.csv",
            "duet data check --data fashiongen_256_256_train.h5",
            "duet data check --data GLAMI-1M-dataset --json glami.json"
        )
    {
        _table.AddTo(this);
        foreach (var option in (Option[])[_language, _threads, _output, _json, OutputOption.Overwrite])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var data = _table.Read(parsed, new DataConfiguration());
        TableOptionSet.RequireReadable(data);
        var file = OutputOption.Read(parsed, _output, data.Path, ".csv");
        var (asked, jsonFile) = OutputOption.ReadJson(parsed, _json, data.Path);
        if (file is not null && DirectOutput.IsStandardOutput(file) && asked && jsonFile is null)
        {
            throw new UsageException("--output - and --json would both write to standard output; name a file for one of them.");
        }

        foreach (var named in (string?[])[file, jsonFile])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(named ?? "."))!);
        }

        var options = new DataCheckOptions
        {
            LanguageColumn = parsed.GetValue(_language) ?? DataFormats.ColumnsOf(data.Format, data.Path).Language,
            Threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        var report = CheckProgress.Run(
            session.Terminal,
            progress => DataChecker.Check(data.ToTable() with { Note = session.Terminal.Remark }, options, progress, session.Stop)
        );
        if (file is not null)
        {
            report.WriteIssues(file);
        }

        if (jsonFile is not null)
        {
            AtomicFile.WriteText(jsonFile, report.ToJson() + "\n");
        }

        if (asked && jsonFile is null)
        {
            Terminal.Say(report.ToJson());
        }
        else if (file is null || !DirectOutput.IsStandardOutput(file))
        {
            Show(report, session.Terminal, file);
        }

        return ExitCode.Success;
    }

    private static void Show(DataCheckReport report, Terminal terminal, string? file)
    {
        Terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Path} ({report.Format}): {report.Rows} rows, {report.RefusedRows} more set aside; {report.PictureCells} "
                    + $"cells name {report.PictureFiles} picture files, {report.Pictures} of them can be used"
            )
        );
        foreach (var common in report.Common.Take(CommonShown))
        {
            Terminal.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{common.Rows} of {report.Rows} rows ({(double)common.Rows / report.Rows:0.#%}) have the same {common.What}: "
                        + $"{Shortened(common.Value)}"
                )
            );
        }

        if (report.Common.Any(common => common.What is "picture"))
        {
            terminal.Remark(
                "With --placeholder FILE a placeholder picture (a logo, \"no picture yet\") counts as an empty cell, in training too."
            );
        }

        if (report.Splits.Count > 0)
        {
            Terminal.Say($"splits: {List(report.Splits)}");
        }

        Terminal.Say($"{(report.LanguagesAreScripts ? "scripts" : "languages")}: {List(report.Languages)}");
        if (report.Tasks.Count > 0)
        {
            var tasks = new Table()
                .Border(TableBorder.Simple)
                .AddColumns("task", "labelled", "missing", "classes", "most frequent", "suspect labels", "fit");
            foreach (var (name, task) in report.Tasks)
            {
                tasks.AddRow(
                    Markup.Escape(name),
                    Number(task.Labelled),
                    Number(task.Missing),
                    Number(task.Classes.Count),
                    Markup.Escape(List(task.Classes.Take(ClassesShown)) + (task.Classes.Count > ClassesShown ? ", ..." : string.Empty)),
                    task.SuspectLabels is { } suspects ? Number(suspects) : "-",
                    task.Accuracy is { } accuracy ? accuracy.ToString("0.000", CultureInfo.InvariantCulture) : "-"
                );
            }

            terminal.Out.Write(tasks);
            foreach (var (name, task) in report.Tasks)
            {
                SayLabels(name, task);
            }
        }

        var issues = new Table().Border(TableBorder.Simple).AddColumns("finding", "rows");
        foreach (var (kind, count) in report.Counts)
        {
            issues.AddRow(DataCheckReport.NameOf(kind), Number(count));
        }

        terminal.Out.Write(issues);
        if (report.PicturesNotIndexed > 0)
        {
            terminal.Remark(
                $"{report.PicturesNotIndexed} pictures share a part of their hash with over 2,000 others (one background, one frame), "
                    + $"so not every near picture of theirs may have been found."
            );
        }

        if (file is not null)
        {
            terminal.Line($"Every finding is in {file}.");
        }
        else if (report.Issues.Count > 0)
        {
            terminal.Remark("--output issues.csv writes every finding.");
        }
    }

    private static void SayLabels(string name, TaskSummary task)
    {
        if (task.LooksLike is { } looks)
        {
            Terminal.Say(looks);
        }

        if (task.Spellings.Count > 0)
        {
            var more = task.Spellings.Count > SpellingsShown ? $"; and {Number(task.Spellings.Count - SpellingsShown)} more" : string.Empty;
            Terminal.Say(
                $"{name} has labels that differ only in case, accents, blanks or number format: "
                    + $"{string.Join("; ", task.Spellings.Take(SpellingsShown).Select(List))}{more}."
            );
        }
    }

    private static string List(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Key} {Number(count.Value)}"));

    private static string Shortened(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + " ...";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
