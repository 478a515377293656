// What a run folder holds, as tables for people.
using System.Globalization;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Runs;
using Duet.Text;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Prints a run's summary.</summary>
internal static class SummaryView
{
    private const int ClassesShown = 8;

    /// <summary>Facts about the run, its data and its training.</summary>
    public static Grid Facts(RunSummary summary)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Add(string name, string value) => grid.AddRow(new Markup($"[bold]{Markup.Escape(name)}[/]"), new Markup(Markup.Escape(value)));
        var (configuration, data, training) = (summary.Configuration, summary.Configuration.Data, summary.Configuration.Training);
        var culture = CultureInfo.InvariantCulture;
        Add("run", summary.Folder.Path);
        Add("system", $"{summary.System.Title}, preset {configuration.Preset} ({summary.System.Source})");
        Add(
            "size",
            summary.Parameters is { } parameters
                ? string.Create(culture, $"{parameters / 1e6:0.00} M parameters, {summary.WeightsBytes / 1e6:0.0} MB")
                : "no weights yet: no epoch is finished"
        );
        Add("inputs", string.Join(" and ", Inputs(summary)));
        Add(
            "text",
            string.Create(
                culture,
                $"{summary.Tokenizer}, {summary.VocabularySize} tokens, at most {configuration.Options.ContextLength} per "
                    + $"text{LongTextOf(configuration.Options.LongText)}"
            )
        );
        Add(
            "pictures",
            $"{SettingValue.Format(configuration.Options.Preprocessing.Mode)}: "
                + $"{SettingValue.Format(configuration.Options.Preprocessing.Resize)} side, "
                + $"{SettingValue.Format(configuration.Options.Preprocessing.Interpolation)}"
        );
        if (configuration.IsImported)
        {
            Add("training", "none here: " + ImportOf(summary));
            return grid;
        }

        Add("table", data.Path + (data.SplitColumn is { } split ? $", split by column {split}" : ", split by fractions"));
        if (training.Pretrained is { } source)
        {
            Add("began with", source);
        }

        var intended = summary.AllEpochsDone ? string.Empty : $" (of {training.Epochs + training.PretrainEpochs})";
        Add(
            "training",
            string.Create(
                culture,
                $"{summary.Epochs.Count} epochs in "
                    + $"{Duration.Of(summary.TrainingTime)}{intended}, batch {training.BatchSize}, learning rate "
                    + $"{training.LearningRate:0.######}, {SettingValue.Format(training.Precision)}, seed {training.Seed}"
            )
        );
        if (configuration.Prolonged.Count > 0)
        {
            Add("extended", $"after {string.Join(", then after ", configuration.Prolonged)} epochs");
        }

        if (summary.Best is { } best)
        {
            Add("kept", string.Create(culture, $"epoch {best.Epoch}, mean validation score {ScoreTable.Share(best.Score)}"));
        }

        if (summary.Calibration is { } calibration)
        {
            Add(
                "calibrated",
                string.Create(
                    culture,
                    $"precision {calibration.Precision:0.####} with confidence {calibration.Confidence:0.####}, on "
                        + $"{calibration.Split ?? "all"} of {calibration.Table} ({calibration.Rows} "
                        + $"rows){(calibration.PerClass ? ", thresholds per class" : string.Empty)}"
                )
            );
            Add(
                "certified for",
                calibration.Certificates.Count == 0
                    ? CalibrationTable.Outdated
                    : string.Join("; ", calibration.Certificates.Select(CalibrationTable.Describe))
            );
        }
        else if (summary.CalibrationProblem is { } problem)
        {
            Add("calibration", problem);
        }

        return grid;
    }

    private static string LongTextOf(LongText choice) =>
        choice switch
        {
            LongText.HeadTail => ", of longer ones beginning and end",
            LongText.Chunk => ", longer ones in pieces",
            _ => string.Empty,
        };

    private static string ImportOf(RunSummary summary)
    {
        if (summary.Import is not { } import)
        {
            return $"imported from {summary.Configuration.Training.Pretrained}";
        }

        var notes = string.Concat(import.Notes.Select(note => $"; {note}"));
        var fresh = import.New.Count == 0 ? string.Empty : $"; not in the source: {string.Join(", ", import.New)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"imported from {import.Source} ({SettingValue.Format(import.Format)}), {import.Loaded.Count} tensors matched, "
                + $"{import.Ignored.Count + import.Unused.Count} left out{notes}{fresh}"
        );
    }

    /// <summary>The tasks, their classes and their thresholds.</summary>
    public static Table Tasks(RunSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("task", "kind");
        table.AddColumn(new TableColumn("validation").RightAligned());
        table.AddColumn(new TableColumn("classes").RightAligned());
        var certificates = summary.Calibration?.Certificates ?? [];
        foreach (var certificate in certificates)
        {
            table.AddColumn(new TableColumn($"accepts from, {certificate.Pattern}").RightAligned());
        }

        table.AddColumn("which");
        foreach (var task in summary.Schema.Tasks)
        {
            var shown = string.Join(", ", task.Classes.Take(ClassesShown)) + (task.Classes.Count > ClassesShown ? ", ..." : string.Empty);
            table.AddRow([
                Markup.Escape(task.Name),
                task.Kind == TaskKind.SingleLabel ? "one label" : "many labels",
                summary.Best?.Scores.TryGetValue(task.Name, out var score) == true ? ScoreTable.Share(score) : "-",
                task.Classes.Count.ToString(CultureInfo.InvariantCulture),
                .. certificates.Select(certificate => CalibrationTable.Threshold(certificate[task.Name])),
                Markup.Escape(shown),
            ]);
        }

        return table;
    }

    private static IEnumerable<string> Inputs(RunSummary summary)
    {
        var (data, options) = (summary.Configuration.Data, summary.Configuration.Options);
        if (summary.Configuration.IsImported)
        {
            if (options.Modalities != Models.InputModalities.Text)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"pictures ({options.ImageSize} x {options.ImageSize} pixels)");
            }

            if (options.Modalities != Models.InputModalities.Image)
            {
                yield return "texts";
            }

            yield break;
        }

        if (data.ImageColumns.Count > 0 && options.Modalities != Models.InputModalities.Text)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"pictures ({string.Join(", ", data.ImageColumns)}; {options.ImageSize} x {options.ImageSize} pixels)"
            );
        }

        if (data.TextColumns.Count > 0 && options.Modalities != Models.InputModalities.Image)
        {
            yield return $"texts ({string.Join(", ", data.TextColumns)})";
        }
    }
}
