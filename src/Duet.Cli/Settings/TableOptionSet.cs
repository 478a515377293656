// The options that say what a table's columns mean.
using System.CommandLine;
using Duet.Data;
using Duet.Models;
using Duet.Runs;

namespace Duet.Cli.Settings;

/// <summary>The table of a training run and its columns.</summary>
/// <param name="trains">Whether the command trains, and stops where too much of the table is lost.</param>
internal sealed class TableOptionSet(bool trains = true)
{
    private static readonly DataConfiguration Defaults = new();

    /// <summary>The table.</summary>
    public Option<string?> Data { get; } =
        new("--data")
        {
            HelpName = "FILE",
            Description =
                "The table: .csv, .tsv, .jsonl or .ndjson, UTF-8, with a header, and picture paths relative to the table's own "
                + "folder; or another data set's file or folder, see --data-format.",
        };

    private readonly Option<string[]> _text = Columns(
        "--text",
        "A column with text. Give it again for further columns (title, description): they are joined in this order."
    );
    private readonly Option<string[]> _image = Columns(
        "--image",
        "A column with picture paths. If repeated, the first usable picture counts."
    );
    private readonly Option<string[]> _task = Columns(
        "--task",
        "A column with one label per product. Give it once per task; an empty cell is a missing label and costs the row nothing."
    );
    private readonly Option<string[]> _multiLabelTask = Columns(
        "--multi-label-task",
        "A column with any number of labels per product, separated by --label-separator."
    );

    private readonly Option<string[]> _feature = Columns(
        "--feature",
        "A column with a category that the model gets in addition to picture and text (the source of a row, for example), for systems "
            + "that take features: embracenet. Empty and new values count as unknown. May be given again."
    );

    private readonly Option<string> _labelSeparator = new("--label-separator")
    {
        HelpName = "TEXT",
        Description = "The separator of the labels in a multi-label cell.",
        DefaultValueFactory = _ => Defaults.LabelSeparator,
    };

    private readonly Option<string[]> _taxonomy = new("--taxonomy")
    {
        HelpName = "TASK=FILE",
        Description =
            "A taxonomy of a task's labels: a Google product taxonomy file or any text with one 'A > B > C' path per line. TASK alone "
            + "where the labels are such paths themselves. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _allowManyClasses = new("--allow-many-classes")
    {
        Description = "Take a column as a task even if it looks like a price, a title, an id or a list instead of labels.",
    };

    private readonly Option<string?> _id = new("--id")
    {
        HelpName = "COLUMN",
        Description = "The column that identifies a product ('id' if the table has one, otherwise the row number).",
    };

    private readonly Option<string?> _splitColumn = new("--split-column")
    {
        HelpName = "COLUMN",
        Description =
            "The column that says train, val or test. Without it the table is split by --split-fractions: seeded, and products with "
            + "the same title or the same picture are never in two splits.",
    };

    private readonly Option<string?> _groupColumn = new("--group-column")
    {
        HelpName = "COLUMN",
        Description = "A column whose equal values are also never in two splits (a seller's id, for example).",
    };

    private readonly Option<double[]> _fractions = new("--split-fractions")
    {
        HelpName = "TRAIN VAL TEST",
        Description =
            $"The parts of the table without a split column; they sum to 1 ({SettingValue.Format(Defaults.TrainFraction)} "
            + $"{SettingValue.Format(Defaults.ValidationFraction)} {SettingValue.Format(Defaults.TestFraction)}).",
        AllowMultipleArgumentsPerToken = true,
        Arity = new ArgumentArity(3, 3),
    };

    private readonly Option<string?> _encoding = LossOptions.Encoding("utf-8; kept with the run");

    private readonly Option<string[]> _placeholder = LossOptions.Placeholder("; kept with the run");

    /// <summary>What may be lost.</summary>
    public SettingOption MaxLost { get; } = LossOptions.MaxLost(string.Empty);

    private readonly Option<string[]> _imageFolder = new("--image-folder")
    {
        HelpName = "FOLDER",
        Description = "A folder that symbolic links in the table's own folder may lead to; pictures elsewhere are refused.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds the options to a command, in the order of the help.</summary>
    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [
                    Data,
                    DataFormatOption.Table,
                    _text,
                    _image,
                    _feature,
                    _task,
                    _multiLabelTask,
                    _labelSeparator,
                    _allowManyClasses,
                    _taxonomy,
                    _id,
                    _splitColumn,
                    _groupColumn,
                    _fractions,
                    DelimiterOption.Table,
                    _encoding,
                    _imageFolder,
                    _placeholder,
                    .. (Option[])(trains ? [MaxLost] : []),
                ]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for, over what is in <paramref name="before"/>.</summary>
    public DataConfiguration Read(ParseResult parsed, DataConfiguration before)
    {
        string[]? Named(Option<string[]> option) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;
        var parts = parsed.GetValue(_fractions) is { Length: 3 } shares
            ? shares
            : [before.TrainFraction, before.ValidationFraction, before.TestFraction];
        var format = DataFormatOption.Read(parsed, DataFormatOption.Table);
        var given = before with
        {
            Format = format == DataFormat.Auto ? before.Format : format,

            // Whole, so that the run can be resumed and evaluated from any folder.
            Path = parsed.GetValue(Data) is { } path ? Path.GetFullPath(path) : before.Path,
            TextColumns = Named(_text) ?? before.TextColumns,
            ImageColumns = Named(_image) ?? before.ImageColumns,
            FeatureColumns = Named(_feature) ?? before.FeatureColumns,
            TaskColumns = Named(_task) ?? before.TaskColumns,
            MultiLabelColumns = Named(_multiLabelTask) ?? before.MultiLabelColumns,
            LabelSeparator = parsed.GetResult(_labelSeparator) is { Implicit: false }
                ? parsed.GetValue(_labelSeparator)!
                : before.LabelSeparator,
            AllowManyClasses = parsed.GetValue(_allowManyClasses) || before.AllowManyClasses,
            Taxonomies = Named(_taxonomy)?.Select(Whole).ToArray() ?? before.Taxonomies,
            IdColumn = parsed.GetValue(_id) ?? before.IdColumn,
            SplitColumn = parsed.GetValue(_splitColumn) ?? before.SplitColumn,
            GroupColumn = parsed.GetValue(_groupColumn) ?? before.GroupColumn,
            TrainFraction = parts[0],
            ValidationFraction = parts[1],
            TestFraction = parts[2],
            Delimiter = DelimiterOption.Read(parsed, DelimiterOption.Table) ?? before.Delimiter,
            Encoding = parsed.GetValue(_encoding) ?? before.Encoding,
            Placeholders = LossOptions.Hashes(Named(_placeholder)) ?? before.Placeholders,
            ImageFolders = Named(_imageFolder)?.Select(Path.GetFullPath).ToArray() ?? before.ImageFolders,
        };

        given = trains ? SettingOption.Apply([MaxLost], parsed, given) : given;

        // A run that is there has its columns already.
        return before.Path.Length == 0 && Path.Exists(given.Path) ? given.WithFormatDefaults() : given;
    }

    /// <summary>A configuration with a table; a model sees only what the table has columns for.</summary>
    public static RunConfiguration Combine(RunConfiguration configuration, DataConfiguration data)
    {
        var modalities = (data.ImageColumns.Count > 0, data.TextColumns.Count > 0) switch
        {
            (true, false) => InputModalities.Image,
            (false, true) => InputModalities.Text,
            _ => configuration.Options.Modalities,
        };
        return configuration with { Data = data, Options = configuration.Options with { Modalities = modalities } };
    }

    /// <summary>Refuses a table that nothing can be learned from.</summary>
    /// <exception cref="UsageException">The table, its inputs or its tasks are not named, or it is not there.</exception>
    public static void RequireComplete(DataConfiguration data)
    {
        var message = data switch
        {
            { Path.Length: 0 } => "--data is missing: name the table to train on.",
            { TextColumns.Count: 0, ImageColumns.Count: 0 } =>
                "Neither --text nor --image is given: name the columns with texts and picture paths.",
            { TaskColumns.Count: 0, MultiLabelColumns.Count: 0 } => "--task is missing: name at least one column with labels to learn.",
            _ when data.FeatureColumns.FirstOrDefault(column =>
                    data.TaskColumns.Concat(data.MultiLabelColumns).Contains(column, StringComparer.Ordinal)
                )
                    is { } both =>
                $"--feature and a task both name {both}: a label cannot be an input as well, or the model would see the answer.",
            _ => Path.Exists(data.Path) ? null : $"--data names {data.Path}, which is not there.",
        };
        if (message is not null)
        {
            throw new UsageException(message);
        }
    }

    /// <summary>Refuses a table that cannot be read: all that a check needs.</summary>
    /// <exception cref="UsageException">The table or its inputs are not named, or it is not there.</exception>
    public static void RequireReadable(DataConfiguration data)
    {
        var message = data switch
        {
            { Path.Length: 0 } => "--data is missing: name the data set to check.",
            _ when !Path.Exists(data.Path) => $"--data names {data.Path}, which is not there.",
            { TextColumns.Count: 0, ImageColumns.Count: 0 } =>
                "Neither --text nor --image is given: name the columns with texts and picture paths.",
            _ => null,
        };
        if (message is not null)
        {
            throw new UsageException(message);
        }
    }

    // With the file's whole path, as the table's.
    private static string Whole(string assignment) =>
        TaskTaxonomies.Parse(assignment) is (var task, { } file) ? $"{task}={Path.GetFullPath(file)}" : assignment;

    private static Option<string[]> Columns(string name, string description) =>
        new(name)
        {
            HelpName = "COLUMN",
            Description = description,
            Arity = ArgumentArity.OneOrMore,
        };
}
