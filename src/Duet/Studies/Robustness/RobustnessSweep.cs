// Measures a model on products that are damaged in every way and strength.
using System.Globalization;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Runs;

namespace Duet.Studies.Robustness;

/// <summary>
/// Evaluates a model on the same products again and again: as they are, and with one input damaged. Every product's noise is a function of
/// the seed, the kind of corruption and its row alone. After each corruption the run folder's <c>robustness.json</c> is written; a sweep
/// that was stopped, or is given more corruptions, continues from there as long as weights, table, sample, seed and settings are the same.
/// </summary>
/// <param name="model">The model.</param>
public sealed class RobustnessSweep(DuetModel model)
{
    private const long CacheBytes = 256L << 20;
    private const ulong SamplePurpose = 0x73_61_6D_70_6C_65;

    /// <summary>Runs the sweep, or what is left of it.</summary>
    /// <param name="source">A table with the tasks' label columns.</param>
    /// <param name="options">What is covered; the defaults where null.</param>
    /// <param name="progress">Told before every measurement.</param>
    /// <param name="cancellation">Stops the sweep; what is finished is kept.</param>
    /// <returns>The report, which is in the run folder as well.</returns>
    /// <exception cref="OptionException">A choice is out of range, or a corruption touches an input that the model does not look
    /// at.</exception>
    /// <exception cref="TableException">The table cannot be read, lacks a column, or no row can be used.</exception>
    /// <exception cref="RunException">An earlier <c>robustness.json</c> is damaged, or the weights cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The sweep was stopped.</exception>
    public RobustnessReport Run(
        TableSource source,
        RobustnessOptions? options = null,
        IProgress<RobustnessProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new RobustnessOptions();
        options.Validate();
        var kinds = Kinds(options);
        var products = Products(source, options, cancellation);
        var pictures = source.Pictures(model, CacheBytes);
        var measured = SourceOf(source, options);
        var report = Earlier(measured);
        var known = report?.Curves.Select(curve => curve.Corruption).ToHashSet(StringComparer.Ordinal) ?? [];
        var left = kinds.Where(kind => !known.Contains(Corruption.NameOf(kind))).ToArray();
        var total = left.Sum(kind => Corruption.Levels(kind).Count) + (report is null ? 1 : 0);
        var done = 0;
        if (report is null)
        {
            Tell("clean");
            report = new RobustnessReport
            {
                Model = model.Configuration.Model,
                Source = measured,
                Arguments = TableArguments.Of(source),
                Clean = Measure(products, pictures, source, null, cancellation),
            };
        }

        foreach (var kind in left)
        {
            var points = new List<RobustnessPoint>();
            foreach (var strength in Corruption.Levels(kind))
            {
                var corruption = new Corruption(kind, strength);
                Tell(FormattableString.Invariant($"{corruption.Name} {strength}"));
                points.Add(
                    Measure(CorruptedProducts.Of(products, corruption, options.Seed), Spoilt(corruption), source, strength, cancellation)
                );
            }

            var modality = Corruption.IsOfPicture(kind) ? "image" : "text";
            report = report with
            {
                Complete = false,
                Curves = [.. report.Curves, new RobustnessCurve(Corruption.NameOf(kind), modality, Corruption.UnitOf(kind), points)],
            };
            report.Save(model.Folder.Path);
        }

        report = report with { Complete = true, Arguments = TableArguments.Of(source) };
        report.Save(model.Folder.Path);
        return report;

        void Tell(string name) => progress?.Report(new RobustnessProgress(done++, total, name));

        IPicturePipeline Spoilt(Corruption corruption) =>
            corruption.AltersPixels ? new CorruptedPictures(pictures, corruption, options.Seed, RowsOfPictures(products)) : pictures;
    }

    private static Dictionary<string, long> RowsOfPictures(IReadOnlyList<Product> products)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var product in products)
        {
            foreach (var path in product.Images)
            {
                rows.TryAdd(path, product.Row);
            }
        }

        return rows;
    }

    private RobustnessPoint Measure(
        IReadOnlyList<Product> products,
        IPicturePipeline pictures,
        TableSource source,
        double? strength,
        CancellationToken cancellation
    )
    {
        var tasks = model.Schema.Tasks;

        // Judged as the products are; what is damaged after that is intended.
        var job = new TableJob(
            model,
            source,
            model.Schema,
            batch => model.Forward.Run(batch),
            model.Model.Options.Modalities,
            pictures,
            limit: strength is null ? null : LossLimit.Off
        );
        var rows = new PredictionCollector(tasks);
        var shares = new double[tasks.Count];
        var told = false;
        job.Run(products, Add, progress: null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (job.Rows == 0)
        {
            throw new TableException($"No row of {source.Path} can be used.") { File = source.Path };
        }

        var report = EvaluationReport.Of(
            rows.ToPredictions(),
            (int)job.Rows,
            0,
            new EvaluationOptions { Resamples = 0, Threshold = model.Options.Threshold }
        );
        return new RobustnessPoint
        {
            Strength = strength,
            N = (int)job.Rows,
            Tasks = tasks
                .Select(
                    (task, i) =>
                        (
                            task.Name,
                            Figures: new RobustnessFigures(
                                report.Tasks[task.Name].N,
                                report.Tasks[task.Name].Accuracy,
                                told ? shares[i] / job.Rows : null
                            )
                        )
                )
                .ToDictionary(task => task.Name, task => task.Figures, StringComparer.Ordinal),
        };

        void Add(ProductBatch batch, BatchResult result, int row)
        {
            rows.Add(batch, result, row);
            for (var task = 0; result.Shares is not null && task < shares.Length; task++)
            {
                told = true;
                shares[task] += result.Shares[task][row * 2];
            }
        }
    }

    private CorruptionKind[] Kinds(RobustnessOptions options)
    {
        var modalities = model.Model.Options.Modalities;
        bool Touches(CorruptionKind kind) =>
            modalities == InputModalities.Both
            || (
                kind is not (CorruptionKind.MissingPicture or CorruptionKind.MissingText)
                && Corruption.IsOfPicture(kind) == (modalities == InputModalities.Image)
            );
        foreach (var kind in options.Kinds ?? [])
        {
            OptionException.Require(
                Touches(kind),
                $"The corruption {Corruption.NameOf(kind)} either does not touch the input of this model, which was trained on "
                    + $"{modalities} alone, or removes all of it; leave it out."
            );
        }

        return [.. (options.Kinds ?? Enum.GetValues<CorruptionKind>()).Where(Touches)];
    }

    private List<Product> Products(TableSource source, RobustnessOptions options, CancellationToken cancellation)
    {
        var table = source.Open(model.Configuration.Data, model.Schema.Columns, splits: options.Split is not null);
        var quarantine = new Quarantine();
        var rows = table.Read(quarantine);
        List<Product> products =
        [
            .. options.Split is null
                ? rows
                : SplitSelection.Select(rows, options.Split, table.Options, model.Configuration, quarantine, cancellation),
        ];
        source.LimitFor(model).CheckRows(quarantine, source.Path);
        if (options.Sample is not { } sample || sample >= products.Count)
        {
            return products;
        }

        Product[] drawn = [.. products];
        new CounterRandom(options.Seed ^ SamplePurpose).Shuffle<Product>(drawn);
        return [.. drawn.Take(sample).OrderBy(product => product.Row)];
    }

    // What an earlier sweep found; null where it measured something else.
    private RobustnessReport? Earlier(RobustnessSource measured) =>
        RobustnessReport.Load(model.Folder.Path) is { } earlier && earlier.Source == measured ? earlier : null;

    private RobustnessSource SourceOf(TableSource source, RobustnessOptions options)
    {
        // As it is in force: naming the run's own columns is the same as naming none.
        var table = source.Resolve(model.Configuration.Data, [], splits: true);
        return new RobustnessSource
        {
            Weights = CalibrationFile.HashOf(model.Folder.WeightsFile),
            Table = Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Path)),
            TableHash = DataIdentity.Hash(source.Path),
            Columns = string.Join(
                "; ",
                $"id={table.IdColumn}",
                $"image={List(table.ImageColumns)}",
                $"text={List(table.TextColumns)}",
                $"feature={List(table.FeatureColumns)}",
                $"split={table.SplitColumn}"
            ),
            Settings =
                string.Join(
                    "; ",
                    $"format={table.DataFormat}",
                    $"delimiter={table.Delimiter}",
                    $"image_folders={List(table.ImageFolders)}",
                    string.Create(CultureInfo.InvariantCulture, $"threshold={model.Options.Threshold:R}"),
                    $"long_text={model.Inputs.LongText}",
                    $"preprocessing={model.Inputs.Preprocessing.Mode}",
                    $"precision={model.Options.Precision}",
                    $"device={model.Options.Device}"
                )
                + (table.Encoding is { } encoding ? $"; encoding={encoding}" : string.Empty)
                + (table.Placeholders.Count > 0 ? $"; placeholders={List(table.Placeholders)}" : string.Empty),
            Split = options.Split,
            Sample = options.Sample,
            Seed = options.Seed,
        };
    }

    // A comma in a name must not make two names of it.
    private static string List(IReadOnlyList<string> names) =>
        string.Join(',', names.Select(name => name.Replace(",", "%2C", StringComparison.Ordinal)));
}
