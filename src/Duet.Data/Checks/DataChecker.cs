// Checks a data set before anything is trained on it.

namespace Duet.Data.Checks;

/// <summary>
/// Reads all rows, decodes all pictures, and looks for what harms training and makes figures too good: broken pictures, duplicates, twins
/// in different splits, and labels that do not fit. Small versions of all pictures stay in memory, about 1.5 KB each.
/// </summary>
public static class DataChecker
{
    private const string Reading = "reading rows";

    /// <summary>Checks a data set.</summary>
    /// <param name="table">The data set and the meaning of its columns; of known formats the columns may be left out.</param>
    /// <param name="options">How thoroughly.</param>
    /// <param name="progress">Told how far it is; from several threads.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="TableException">The table cannot be read, is empty, or lacks a column.</exception>
    public static DataCheckReport Check(
        TableOptions table,
        DataCheckOptions options,
        IProgress<DataCheckProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var quarantine = new Quarantine();
        var opened = ProductTable.Open(table);
        var tasks = opened.Options.Tasks;
        if (options.LanguageColumn is { } language)
        {
            opened = ProductTable.Open(opened.Options with { ExtraColumns = [.. opened.Options.ExtraColumns, language], Note = null });
        }

        var products = Read(opened, quarantine, progress, cancellation);
        var issues = new List<DataIssue>();
        issues.AddRange(quarantine.Entries.Select(Issue).OfType<DataIssue>());
        var pictures = PictureChecks.Decode(products, table.Placeholders, issues, options, progress, cancellation);
        var (paths, prints) = PictureChecks.Distinct(products, pictures);
        progress?.Report(new DataCheckProgress("comparing pictures", 0, paths.Count));
        var (near, notIndexed) = NearPictures.Find(prints, options.NearBits, options.NearDifference, cancellation);
        var texts = products.ConvertAll(product => ProductGroups.Normalize(product.Text));
        RowChecks.AddMissing(products, pictures, issues);
        var common = RowChecks.AddCommon(products, texts, pictures, issues);
        var placeholders = issues
            .Where(issue => issue.Kind == DataIssueKind.PlaceholderPicture)
            .Select(issue => issue.File)
            .ToHashSet(StringComparer.Ordinal);
        var telling = prints.Select((print, i) => placeholders.Contains(paths[i]) ? null : print).ToList();
        RowChecks.AddTwins(products, texts, new PictureTwins(products, paths, telling, near), issues);
        var summaries = LabelChecks.Summarize(products, tasks, texts, pictures, options, issues, progress, cancellation);
        return new DataCheckReport
        {
            Path = table.Path,
            Format = DataFormats.NameOf(opened.Options.DataFormat is DataFormat.Auto ? DataFormat.Table : opened.Options.DataFormat),
            Rows = products.Count,
            RefusedRows = quarantine.RefusedRows,
            Splits = opened.Options.SplitColumn is null
                ? new Dictionary<string, int>(StringComparer.Ordinal)
                : LabelChecks.Count(products.Select(product => product.Split ?? "(empty)")),
            Tasks = summaries,
            Languages = LabelChecks.Count(
                options.LanguageColumn is null
                    ? products.Where(product => product.HasText).Select(product => Scripts.Of(product.Text))
                    : products.Select(product => product.Extras[^1] ?? "(empty)")
            ),
            LanguagesAreScripts = options.LanguageColumn is null,
            PictureCells = products.Sum(product => product.Images.Count + product.RefusedImages),
            PictureFiles = paths.Count,
            Pictures = pictures.Count,
            Common = common,
            PicturesNotIndexed = notIndexed,
            Issues = [.. issues.OrderBy(issue => issue.Kind).ThenByDescending(issue => issue.Score ?? 0).ThenBy(issue => issue.Row)],
        };
    }

    // Empty texts are found among the rows.
    private static DataIssue? Issue(QuarantineEntry entry)
    {
        DataIssueKind? kind = entry switch
        {
            { Reason: QuarantineReason.EmptyText } => null,
            { RowRefused: true } => DataIssueKind.SetAside,
            { Reason: QuarantineReason.ImageList } => DataIssueKind.MissingPicture,
            { Reason: QuarantineReason.ImagePathRefused } => DataIssueKind.RefusedPicture,
            _ => DataIssueKind.SetAside,
        };
        return kind is null
            ? null
            : new DataIssue(kind.Value, entry.Row, entry.Id, $"{Quarantine.NameOf(entry.Reason)}: {entry.Detail}") { File = entry.File };
    }

    private static List<Product> Read(
        ProductTable table,
        Quarantine quarantine,
        IProgress<DataCheckProgress>? progress,
        CancellationToken cancellation
    )
    {
        var products = new List<Product>();
        foreach (var product in table.Read(quarantine))
        {
            cancellation.ThrowIfCancellationRequested();
            products.Add(product);
            if (products.Count % 1000 == 0)
            {
                progress?.Report(new DataCheckProgress(Reading, products.Count, 0));
            }
        }

        return products.Count > 0
            ? products
            : throw new TableException($"{table.Options.Path} has no usable row; each was set aside: {quarantine.Describe()}.");
    }
}
