// The command line that would train a run again.
using Duet.Data;
using Duet.Models;
using Duet.Reports;
using Duet.Runs;
using Duet.Training;

namespace Duet.Cli.Settings;

/// <summary>Writes a run's configuration as a <c>duet train</c> command: what differs from the defaults of its system and preset.</summary>
internal static class TrainingCommandLine
{
    // Where the new run goes is up to the reader.
    private const string Output = "runs/again";

    /// <summary>The command; null for a run that was imported.</summary>
    /// <exception cref="RunException">The folder is not a run.</exception>
    public static string? Of(string folder)
    {
        var run = new RunFolder(folder).LoadConfiguration();
        if (run.IsImported)
        {
            return null;
        }

        // A prolonged run is trained as it began; the commands that prolong it follow.
        int[] ends = [.. run.Prolonged, run.Training.Epochs];
        run = run with { Training = run.Training with { Epochs = ends[0] } };
        var data = run.Data;
        List<string> words = ["duet", "train", "--data", data.Path];
        AddOne("--data-format", data.Format is DataFormat.Auto or DataFormat.Table ? null : DataFormats.NameOf(data.Format));
        Add("--text", data.TextColumns);
        Add("--image", data.ImageColumns);
        Add("--feature", data.FeatureColumns);
        Add("--task", data.TaskColumns);
        Add("--multi-label-task", data.MultiLabelColumns);
        AddOne(
            "--label-separator",
            data.MultiLabelColumns.Count > 0 && !string.Equals(data.LabelSeparator, "|", StringComparison.Ordinal)
                ? data.LabelSeparator
                : null
        );
        Add("--taxonomy", data.Taxonomies);
        AddOne("--id", data.IdColumn);
        AddOne("--split-column", data.SplitColumn);
        AddOne("--group-column", data.GroupColumn);
        AddOne("--delimiter", data.Delimiter is '\t' ? "\\t" : data.Delimiter?.ToString());
        AddOne("--encoding", data.Encoding);
        Add("--image-folder", data.ImageFolders);
        Add("--placeholder", data.Placeholders);
        if (data.AllowManyClasses)
        {
            words.Add("--allow-many-classes");
        }

        var defaults = new DataConfiguration();
        AddOne("--max-lost", data.MaxLost.Equals(defaults.MaxLost) ? null : SettingValue.Format(data.MaxLost));
        if (
            data.SplitColumn is null
            && (data.TrainFraction, data.ValidationFraction, data.TestFraction)
                != (defaults.TrainFraction, defaults.ValidationFraction, defaults.TestFraction)
        )
        {
            words.AddRange([
                "--split-fractions",
                .. new[] { data.TrainFraction, data.ValidationFraction, data.TestFraction }.Select(part => SettingValue.Format(part)),
            ]);
        }

        words.AddRange(["--model", run.Model, "--preset", run.Preset]);
        var usual = run with { Options = ModelRegistry.Find(run.Model).Preset(run.Preset), Training = new TrainingOptions() };
        var values = Recipe.All(usual).ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        foreach (
            var setting in Recipe
                .All(run)
                .Where(setting => !string.Equals(values.GetValueOrDefault(setting.Name), setting.Value, StringComparison.Ordinal))
        )
        {
            words.AddRange(["--set", $"{setting.Name}={setting.Value}"]);
        }

        words.AddRange(["--output", Output]);
        return string.Join(
            " && ",
            (string[])
                [
                    ShellCommand.Of(words),
                    .. ends.Skip(1)
                        .Select(end =>
                            ShellCommand.Of("duet", "train", "--output", Output, "--resume", "--epochs", SettingValue.Format(end))
                        ),
                ]
        );

        void Add(string option, IReadOnlyList<string> values) => words.AddRange(values.SelectMany(value => new[] { option, value }));

        void AddOne(string option, string? value) => Add(option, value is null ? [] : [value]);
    }
}
