// Which columns of a table a run uses.
using Duet.Data;

namespace Duet.Runs;

/// <summary>The table of a run and the meaning of its columns; saved with the run so that evaluation and prediction read tables
/// alike.</summary>
public sealed record DataConfiguration
{
    private static readonly DataConfiguration Usual = new();

    /// <summary>The training table's path as it was given; a folder for some data sets.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>What kind of data set it is; by looking at the path unless given.</summary>
    public DataFormat Format { get; init; }

    /// <summary>Columns with picture paths, relative to the table's folder.</summary>
    public IReadOnlyList<string> ImageColumns { get; init; } = [];

    /// <summary>Columns with text, joined by a space.</summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>Columns with categories that are inputs beside picture and text; for systems that take such.</summary>
    public IReadOnlyList<string> FeatureColumns { get; init; } = [];

    /// <summary>The column that identifies a product; null for <c>id</c> where there is one, else the row number.</summary>
    public string? IdColumn { get; init; }

    /// <summary>Columns with one label per product.</summary>
    public IReadOnlyList<string> TaskColumns { get; init; } = [];

    /// <summary>Columns with several labels per product, separated by <see cref="LabelSeparator"/>.</summary>
    public IReadOnlyList<string> MultiLabelColumns { get; init; } = [];

    /// <summary>Stands between the labels of a multi-label cell.</summary>
    public string LabelSeparator { get; init; } = "|";

    /// <summary>Taxonomies of tasks: <c>TASK=FILE</c>, or <c>TASK</c> where the labels are paths themselves. Their paths travel in
    /// <c>labels.json</c>.</summary>
    public IReadOnlyList<string> Taxonomies { get; init; } = [];

    /// <summary>The column that says train, val or test; null for a seeded, group-aware split.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>A column whose equal values are never in two splits (a product or seller id), or null.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>The separator of the cells of a delimited table: one ASCII character; null to use the file's extension.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding of a table that is not UTF-8, by its name (<c>windows-1252</c>); null for UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>Pictures that count as an empty cell: the SHA-256 of their content in hexadecimal digits.</summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];

    /// <summary>The share of rows, and of pictures, that may be lost before training stops, see <see cref="LossLimit"/>: 0 to 1, where 1
    /// accepts every loss.</summary>
    public double MaxLost { get; init; } = LossLimit.DefaultShare;

    /// <summary>Folders that symbolic links in the table's own folder may lead to.</summary>
    public IReadOnlyList<string> ImageFolders { get; init; } = [];

    /// <summary>The part of the products that trains, without a split column.</summary>
    public double TrainFraction { get; init; } = 0.8;

    /// <summary>The part of the products that validates, without a split column.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The part of the products kept for testing, without a split column.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>
    /// The rules by which a table without (whole) split column is divided, so that a run always finds its own split again: 1 leaves to
    /// chance which classes training has, 2 gives training the first rows of every class, and lets missing files and
    /// pictures behind many rows group nothing.
    /// </summary>
    public int SplitRules { get; init; } = 2;

    /// <summary>Whether a column is trained on that looks like no labels: a price, a title, an id, a list.</summary>
    public bool AllowManyClasses { get; init; }

    /// <summary>How to read the labels of the tasks, in their order.</summary>
    internal IReadOnlyList<TaskColumn> Tasks() =>
        [.. TaskColumns.Select(TaskColumn.Single), .. MultiLabelColumns.Select(column => TaskColumn.Multi(column, LabelSeparator))];

    /// <summary>How the table is divided.</summary>
    /// <param name="seed">The run's seed, which a split by fractions depends on.</param>
    public SplitOptions ToSplit(ulong seed) =>
        new()
        {
            ByColumn = SplitColumn is not null,
            Train = TrainFraction,
            Validation = ValidationFraction,
            Test = TestFraction,
            Seed = seed,
            Tasks = SplitRules < 2 ? [] : Tasks(),
            GroupByAnyPicture = SplitRules < 2,
            Placeholders = Placeholders,
        };

    /// <summary>Names the columns that a known data set is used with, where none of their kind are named yet.</summary>
    /// <exception cref="TableException">The path is a folder of no known kind, or the data set cannot be opened.</exception>
    public DataConfiguration WithFormatDefaults()
    {
        var format = Format == DataFormat.Auto ? DataFormats.Detect(Path) : Format;
        if (format == DataFormat.Table)
        {
            return this;
        }

        var columns = DataFormats.ColumnsOf(format, Path);
        var hasTasks = TaskColumns.Count + MultiLabelColumns.Count > 0;
        var hasFractions =
            (TrainFraction, ValidationFraction, TestFraction) != (Usual.TrainFraction, Usual.ValidationFraction, Usual.TestFraction);
        return this with
        {
            Format = format,
            ImageColumns = ImageColumns.Count > 0 ? ImageColumns : columns.Images,
            TextColumns = TextColumns.Count > 0 ? TextColumns : columns.Texts,
            TaskColumns = hasTasks ? TaskColumns : columns.Tasks,
            MultiLabelColumns = hasTasks ? MultiLabelColumns : columns.MultiLabelTasks,
            IdColumn = IdColumn ?? columns.Id,
            SplitColumn = SplitColumn ?? (hasFractions ? null : columns.Split),
            GroupColumn = GroupColumn ?? columns.Group,
        };
    }

    /// <summary>The options of reading a table with these columns.</summary>
    /// <param name="path">The table; null for the run's own.</param>
    /// <param name="labels">Whether labels are wanted; columns may then still be absent where they are optional.</param>
    public TableOptions ToTable(string? path = null, bool labels = true) =>
        new()
        {
            Path = path ?? Path,
            DataFormat = path is null || string.Equals(path, Path, StringComparison.Ordinal) ? Format : DataFormat.Auto,
            ImageColumns = ImageColumns,
            TextColumns = TextColumns,
            FeatureColumns = FeatureColumns,
            IdColumn = IdColumn,
            Tasks = labels ? Tasks() : [],
            SplitColumn = SplitColumn,
            GroupColumn = GroupColumn,
            Delimiter = Delimiter,
            Encoding = Encoding,
            Placeholders = Placeholders,
            ImageFolders = ImageFolders,
        };
}
