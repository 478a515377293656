// A table to use a model on.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Vision;

namespace Duet.Inference;

/// <summary>A table of products; its columns are those of the run's own table unless said otherwise.</summary>
/// <param name="Path">The CSV or JSONL file (picture paths are relative to its folder), or another data set's file or folder.</param>
public sealed record TableSource(string Path)
{
    /// <summary>What kind of data set it is; by looking at the path unless given.</summary>
    public DataFormat Format { get; init; }

    /// <summary>The id column; null for the run's.</summary>
    public string? IdColumn { get; init; }

    /// <summary>The columns with picture paths; null for the run's, empty for none.</summary>
    public IReadOnlyList<string>? ImageColumns { get; init; }

    /// <summary>The columns with text; null for the run's, empty for none.</summary>
    public IReadOnlyList<string>? TextColumns { get; init; }

    /// <summary>The feature columns, in the order of the run's; null for the run's, empty where the table has none: every feature then
    /// counts as unknown.</summary>
    public IReadOnlyList<string>? FeatureColumns { get; init; }

    /// <summary>The column that names splits; null for the run's.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>The delimiter of a delimited file; null for the run's, and where that has none, for the extension's.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Receives what was assumed about the table because nothing says it; null if nobody listens.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The encoding of a table that is not UTF-8, by its name (<c>windows-1252</c>); null for the run's.</summary>
    public string? Encoding { get; init; }

    /// <summary>The share of rows, and of pictures, that may be lost beyond the share that training lost, see <see cref="LossLimit"/>: 0 to
    /// 1, where 1 accepts every loss.</summary>
    public double MaxLost { get; init; } = LossLimit.DefaultShare;

    /// <summary>Pictures that count as an empty cell, beside the run's own: the SHA-256 of their content in hexadecimal digits.</summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];

    /// <summary>Further columns whose values are wanted as they are.</summary>
    internal IReadOnlyList<string> ExtraColumns { get; init; } = [];

    /// <summary>Folders that links in the table's own folder may lead to; where none are named, those of the run, for the run's own table
    /// only: a run may come from a stranger.</summary>
    public IReadOnlyList<string> ImageFolders { get; init; } = [];

    /// <summary>Opens the table with the run's columns.</summary>
    /// <param name="data">The run's columns.</param>
    /// <param name="tasks">The tasks whose labels are wanted; none for prediction.</param>
    /// <param name="splits">Whether the split column is wanted.</param>
    /// <exception cref="TableException">The file cannot be read, is empty, or lacks a column.</exception>
    /// <exception cref="OptionException">Another number of feature columns was named than the run has.</exception>
    internal ProductTable Open(DataConfiguration data, IReadOnlyList<TaskColumn> tasks, bool splits)
    {
        var options = Resolve(data, tasks, splits);
        var features = options.FeatureColumns;
        OptionException.Require(
            features.Count == 0 || features.Count == data.FeatureColumns.Count,
            $"The run has {data.FeatureColumns.Count} feature columns ({string.Join(", ", data.FeatureColumns)}); {features.Count} "
                + $"were named ({string.Join(", ", features)})."
        );
        return ProductTable.Open(options);
    }

    /// <summary>How much a job over the table may lose with a model.</summary>
    /// <exception cref="OptionException"><see cref="MaxLost"/> is outside its range.</exception>
    /// <exception cref="TableException">What the run says about its own losses is damaged.</exception>
    public LossLimit LimitFor(DuetModel model)
    {
        var limit = new LossLimit { MaxLost = MaxLost, Training = Losses.Load(model.Folder.LossesFile) };
        limit.Validate();
        return limit;
    }

    /// <summary>The pictures of the table, as a model sees them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cacheBytes">Bytes of decoded pictures to keep; none where each is looked at once.</param>
    internal PicturePipeline Pictures(DuetModel model, long cacheBytes = 0) =>
        new(
            ModelInputs.Pictures(model.Inputs, cacheBytes) with
            {
                Limits = new DecodeLimits { Placeholders = [.. model.Configuration.Data.Placeholders, .. Placeholders] },
            }
        );

    /// <summary>How the table is read: what is named here, and the run's where nothing is.</summary>
    internal TableOptions Resolve(DataConfiguration data, IReadOnlyList<TaskColumn> tasks, bool splits) =>
        data.ToTable(Path, labels: false) with
        {
            DataFormat = Format != DataFormat.Auto ? Format : data.ToTable(Path).DataFormat,
            IdColumn = IdColumn ?? data.IdColumn,
            ImageColumns = ImageColumns ?? data.ImageColumns,
            TextColumns = TextColumns ?? data.TextColumns,
            FeatureColumns = FeatureColumns ?? data.FeatureColumns,
            SplitColumn = splits ? SplitColumn ?? data.SplitColumn : null,
            GroupColumn = splits ? data.GroupColumn : null,
            Delimiter = Delimiter ?? data.Delimiter,
            Encoding = Encoding ?? data.Encoding,
            Placeholders = [.. data.Placeholders, .. Placeholders],
            ImageFolders = ImageFolders.Count > 0 || !DataIdentity.IsSamePath(Path, data.Path) ? ImageFolders : data.ImageFolders,
            ExtraColumns = ExtraColumns,
            Note = Note,
            Tasks = tasks,
        };
}
