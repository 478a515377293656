// Checks a data set before anything is trained on it.
using System.Collections.Concurrent;
using System.Globalization;
using Duet.Vision;

namespace Duet.Data.Checks;

/// <summary>
/// Reads all rows, decodes all pictures, and looks for what harms training and makes figures too good: broken pictures, duplicates, twins
/// in different splits, and labels that do not fit. Small versions of all pictures stay in memory, about 1.5 KB each.
/// </summary>
public static class DataChecker
{
    private const string Reading = "reading rows";
    private const string Decoding = "decoding pictures";
    private const string Learning = "looking for wrong labels";

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
        var pictures = Decode(products, table.Placeholders, issues, options, progress, cancellation);
        var (paths, prints) = Distinct(products, pictures);
        progress?.Report(new DataCheckProgress("comparing pictures", 0, paths.Count));
        var (near, notIndexed) = NearPictures.Find(prints, options.NearBits, options.NearDifference, cancellation);
        var texts = products.ConvertAll(product => ProductGroups.Normalize(product.Text));
        AddMissing(products, pictures, issues);
        var common = AddCommon(products, texts, pictures, issues);
        var placeholders = issues
            .Where(issue => issue.Kind == DataIssueKind.PlaceholderPicture)
            .Select(issue => issue.File)
            .ToHashSet(StringComparer.Ordinal);
        var telling = prints.Select((print, i) => placeholders.Contains(paths[i]) ? null : print).ToList();
        AddTwins(products, texts, new PictureTwins(products, paths, telling, near), issues);
        var summaries = Summarize(products, tasks, texts, pictures, options, issues, progress, cancellation);
        return new DataCheckReport
        {
            Path = table.Path,
            Format = DataFormats.NameOf(opened.Options.DataFormat is DataFormat.Auto ? DataFormat.Table : opened.Options.DataFormat),
            Rows = products.Count,
            RefusedRows = quarantine.RefusedRows,
            Splits = opened.Options.SplitColumn is null
                ? new Dictionary<string, int>(StringComparer.Ordinal)
                : Count(products.Select(product => product.Split ?? "(empty)")),
            Tasks = summaries,
            Languages = Count(
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

    private static DataIssueKind KindOf(ImageDecodeReason reason) =>
        reason switch
        {
            ImageDecodeReason.Missing => DataIssueKind.MissingPicture,
            ImageDecodeReason.Placeholder => DataIssueKind.PlaceholderPicture,
            _ => DataIssueKind.BrokenPicture,
        };

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

    /// <summary>The fingerprint of every picture that can be decoded; every other one becomes an issue of each of its rows.</summary>
    private static ConcurrentDictionary<string, PictureFingerprint> Decode(
        List<Product> products,
        IReadOnlyList<string> placeholders,
        List<DataIssue> issues,
        DataCheckOptions options,
        IProgress<DataCheckProgress>? progress,
        CancellationToken cancellation
    )
    {
        var paths = products.SelectMany(product => product.Images).Distinct(StringComparer.Ordinal).ToList();
        var decoder = new ImageDecoder(
            new DecodeOptions { MinimumSide = PictureFingerprint.DecodedSide, Background = new Rgb24(255, 255, 255) },
            new DecodeLimits { Placeholders = placeholders }
        );
        var prints = new ConcurrentDictionary<string, PictureFingerprint>(StringComparer.Ordinal);
        var broken = new ConcurrentDictionary<string, (DataIssueKind Kind, string Detail)>(StringComparer.Ordinal);
        var done = 0;
        Parallel.ForEach(
            paths,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Threads },
            path =>
            {
                try
                {
                    prints[path] = PictureFingerprint.Of(decoder, path);
                }
                catch (ImageDecodeException e)
                {
                    broken[path] = (KindOf(e.Reason), $"{Quarantine.NameOf(BatchAssembler.ReasonOf(e.Reason))}: {e.Message}");
                }

                progress?.Report(new DataCheckProgress(Decoding, Interlocked.Increment(ref done), paths.Count));
            }
        );
        foreach (var product in products)
        {
            issues.AddRange(
                product
                    .Images.Where(broken.ContainsKey)
                    .Select(path => new DataIssue(broken[path].Kind, product.Row, product.Id, broken[path].Detail) { File = path })
            );
        }

        return prints;
    }

    private static (List<string> Paths, List<PictureFingerprint?> Prints) Distinct(
        List<Product> products,
        ConcurrentDictionary<string, PictureFingerprint> pictures
    )
    {
        var paths = products.SelectMany(product => product.Images).Distinct(StringComparer.Ordinal).ToList();
        return (paths, paths.ConvertAll(pictures.GetValueOrDefault));
    }

    private static void AddMissing(
        List<Product> products,
        ConcurrentDictionary<string, PictureFingerprint> pictures,
        List<DataIssue> issues
    )
    {
        foreach (var product in products)
        {
            if (!product.Images.Any(pictures.ContainsKey))
            {
                issues.Add(
                    new DataIssue(
                        DataIssueKind.NoPicture,
                        product.Row,
                        product.Id,
                        product.HasImage ? "none of its pictures can be used" : "the row names no picture"
                    )
                );
            }

            if (!product.HasText)
            {
                issues.Add(new DataIssue(DataIssueKind.NoText, product.Row, product.Id, "the row has no text"));
            }
        }
    }

    /// <summary>Pictures and texts that occur in so many rows that they say nothing about a product.</summary>
    private static List<CommonValue> AddCommon(
        List<Product> products,
        List<string> texts,
        ConcurrentDictionary<string, PictureFingerprint> pictures,
        List<DataIssue> issues
    )
    {
        var hashes = pictures.ToDictionary(
            picture => picture.Key,
            picture => Convert.ToHexString(picture.Value.Content),
            StringComparer.Ordinal
        );
        var common = CommonPicture.Find(products, hashes.GetValueOrDefault);
        var keys = common.Select(picture => picture.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var product in products)
        {
            issues.AddRange(
                product
                    .Images.Where(path => keys.Contains(hashes.GetValueOrDefault(path, string.Empty)))
                    .Select(path => new DataIssue(
                        DataIssueKind.PlaceholderPicture,
                        product.Row,
                        product.Id,
                        "the picture is used by many rows; it looks like a placeholder"
                    )
                    {
                        File = path,
                    })
            );
        }

        var sentences = texts
            .Select((text, index) => (text, index))
            .Where(row => row.text.Length > 0)
            .GroupBy(row => row.text, row => row.index, StringComparer.Ordinal)
            .Where(rows => CommonPicture.IsCommon(rows.Count(), products.Count))
            .OrderByDescending(rows => rows.Count())
            .ThenBy(rows => rows.First())
            .ToArray();
        issues.AddRange(
            sentences
                .SelectMany(rows => rows)
                .Select(index => new DataIssue(
                    DataIssueKind.PlaceholderText,
                    products[index].Row,
                    products[index].Id,
                    "the text occurs in many rows; it says nothing about this product"
                ))
        );
        return
        [
            .. common.Select(picture => new CommonValue("picture", picture.File, picture.Rows)),
            .. sentences.Select(rows => new CommonValue("text", products[rows.First()].Text, rows.Count())),
        ];
    }

    private static void AddTwins(List<Product> products, List<string> texts, PictureTwins pictures, List<DataIssue> issues)
    {
        var byText = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            var (same, near) = (pictures.Same(i), pictures.Near(i));
            var earlier = texts[i].Length == 0 ? [] : byText.GetValueOrDefault(texts[i]) ?? [];
            Add(DataIssueKind.SamePicture, same.Take(1), "the picture's content is that of row");
            Add(DataIssueKind.NearPicture, same.Any() ? [] : near.Take(1), "the picture looks like that of row");
            Add(DataIssueKind.SameText, earlier.Take(1), "the text is that of row");

            // One line per row, for the strongest reason; the later row in the table is named, whichever split it is in.
            (IEnumerable<int> Twins, string Why)[] reasons =
            [
                (same, "the same picture"),
                (near, "a picture that looks the same"),
                (earlier, "the same text"),
            ];
            var leak = reasons
                .SelectMany(reason =>
                    reason.Twins.Where(twin => InOtherSplit(products[i], products[twin])).Take(1).Select(twin => (twin, reason.Why))
                )
                .Take(1);
            foreach (var (twin, why) in leak)
            {
                Add(DataIssueKind.Leak, [twin], $"in {products[i].Split}, and {why} is in {products[twin].Split}, row");
            }

            if (texts[i].Length > 0)
            {
                (byText.TryGetValue(texts[i], out var rows) ? rows : byText[texts[i]] = []).Add(i);
            }

            void Add(DataIssueKind kind, IEnumerable<int> twins, string what)
            {
                foreach (var twin in twins)
                {
                    issues.Add(
                        new DataIssue(
                            kind,
                            products[i].Row,
                            products[i].Id,
                            string.Create(CultureInfo.InvariantCulture, $"{what} {products[twin].Row}")
                        )
                        {
                            OtherRow = products[twin].Row,
                            OtherId = products[twin].Id,
                        }
                    );
                }
            }
        }
    }

    private static bool InOtherSplit(Product a, Product b) =>
        Splitter.CanonicalName(a.Split) is { } one
        && Splitter.CanonicalName(b.Split) is { } other
        && !string.Equals(one, other, StringComparison.Ordinal);

    private static Dictionary<string, TaskSummary> Summarize(
        List<Product> products,
        IReadOnlyList<TaskColumn> tasks,
        List<string> texts,
        ConcurrentDictionary<string, PictureFingerprint> pictures,
        DataCheckOptions options,
        List<DataIssue> issues,
        IProgress<DataCheckProgress>? progress,
        CancellationToken cancellation
    )
    {
        var features =
            tasks.Count == 0
                ? null
                : new LabelFeatures(
                    texts,
                    products.ConvertAll(product =>
                        product.Images.Select(pictures.GetValueOrDefault).FirstOrDefault(print => print is not null)
                    )
                );
        var looks = LabelColumns.Look(tasks, products).ToList();
        var summaries = new Dictionary<string, TaskSummary>(StringComparer.Ordinal);
        for (var task = 0; task < tasks.Count; task++)
        {
            progress?.Report(new DataCheckProgress(Learning, task, tasks.Count));
            var column = tasks[task];
            var labels = products.ConvertAll(product =>
                product.Labels[task] is { } label && column.Kind == TaskKind.SingleLabel
                    ? LabelSpelling.Canonical(label)
                    : product.Labels[task]
            );
            var classes = Count(labels.SelectMany(label => LabelCell.Canonical(column, label)));
            var labelled = labels.Count(label => label is not null);
            var found = SuspectLabels.Find(column, labels, classes, features!, options, cancellation);
            issues.AddRange(
                found.Suspects.Select(suspect => new DataIssue(
                    DataIssueKind.SuspectLabel,
                    products[suspect.Product].Row,
                    products[suspect.Product].Id,
                    suspect.Detail
                )
                {
                    Task = column.Name,
                    Score = suspect.Margin,
                })
            );
            summaries[column.Name] = new TaskSummary(
                labelled,
                labels.Count - labelled,
                classes,
                found.Accuracy is null ? null : found.Suspects.Count,
                found.Accuracy
            )
            {
                Spellings = Spellings(products, column, task, issues),
                LooksLike = looks.FirstOrDefault(finding => finding.Task == column)?.Text,
            };
        }

        return summaries;
    }

    /// <summary>The spellings of labels that have several; every row with another than the commonest is an issue.</summary>
    private static List<IReadOnlyDictionary<string, int>> Spellings(
        List<Product> products,
        TaskColumn column,
        int task,
        List<DataIssue> issues
    )
    {
        var rows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            foreach (var label in LabelCell.Read(column.Kind, column.Separator, products[i].Labels[task]) ?? [])
            {
                (rows.TryGetValue(label, out var known) ? known : rows[label] = []).Add(i);
            }
        }

        var found = LabelVariants.Find(rows);
        foreach (var spellings in found)
        {
            var (commonest, its) = spellings[0];
            issues.AddRange(
                from spelling in spellings.Skip(1)
                from row in spelling.Rows
                select new DataIssue(
                    DataIssueKind.LabelSpelling,
                    products[row].Row,
                    products[row].Id,
                    LabelVariants.Describe(spelling.Label, commonest)
                )
                {
                    Task = column.Name,
                    OtherRow = products[its[0]].Row,
                    OtherId = products[its[0]].Id,
                }
            );
        }

        return
        [
            .. found.Select(spellings =>
                spellings.ToDictionary(spelling => spelling.Label, spelling => spelling.Rows.Count, StringComparer.Ordinal)
            ),
        ];
    }

    private static Dictionary<string, int> Count(IEnumerable<string> values) =>
        values
            .GroupBy(value => value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
