// Measures a model on a table.
using System.Diagnostics;
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Hierarchy;
using Duet.Metrics.Slices;

namespace Duet.Inference;

/// <summary>Evaluates a model on a whole table or on one split of it.</summary>
/// <param name="model">The model.</param>
public sealed class Evaluator(DuetModel model)
{
    /// <summary>Evaluates.</summary>
    /// <param name="source">A table with the tasks' label columns.</param>
    /// <param name="split">
    /// The split: by the split column where the run (or <paramref name="source"/>) has one, else by the run's own seeded, group-aware
    /// fractions, which give the split of training where the table is the one of training. Null for the whole table.
    /// </param>
    /// <param name="options">Precisions, thresholds, confidence intervals; the defaults where null.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job.</param>
    /// <exception cref="TableException">
    /// The table cannot be read, is empty, lacks a column, has no row of the split, no label in it is a class of the model, or more of it
    /// is lost than
    /// <see cref="TableSource.MaxLost"/> allows.
    /// </exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public EvaluationResult Evaluate(
        TableSource source,
        string? split = null,
        EvaluationOptions? options = null,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var result = Watch(source, split, options, watch: null, progress, cancellation);
        UsableLabels.Require(source.Path, model.Schema, result.Predictions, result.UnseenLabels);
        return result;
    }

    /// <summary>Evaluates, and shows every row that counts to <paramref name="watch"/> as well, in order.</summary>
    internal EvaluationResult Watch(
        TableSource source,
        string? split,
        EvaluationOptions? options,
        Action<ProductBatch, BatchResult, int>? watch,
        IProgress<UseProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        var clock = Stopwatch.StartNew();
        options ??= new EvaluationOptions { Threshold = model.Options.Threshold };
        string[] columns =
        [
            .. options
                .SliceColumns.Where(column => !string.Equals(column, ColumnSlices.Inputs, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
        var table = (source with { ExtraColumns = columns }).Open(
            model.Configuration.Data,
            model.Schema.Columns,
            splits: split is not null
        );
        var job = new TableJob(model, source, model.Schema);
        var cells = new Dictionary<long, IReadOnlyList<string?>>();
        var products = table.Read(job.Quarantine);
        var rows = new PredictionCollector(model.Schema.Tasks);
        var decided = model.Calibration is { } calibration ? new DecisionCollector(model, calibration) : null;
        job.Run(
            Remember(
                split is null
                    ? products
                    : SplitSelection.Select(products, split, table.Options, model.Configuration, job.Quarantine, cancellation),
                cells
            ),
            Add,
            progress,
            cancellation
        );
        void Add(ProductBatch batch, BatchResult result, int row)
        {
            rows.Add(batch, result, row);
            decided?.Add(batch, result, row);
            watch?.Invoke(batch, result, row);
        }

        if (job.Rows == 0)
        {
            throw new TableException($"No row of {source.Path} can be evaluated: {job.Quarantine.Describe()}.") { File = source.Path };
        }

        var own = rows.ToPredictions();
        var predictions = decided?.ToPredictions() ?? own;
        var unseen = job.Encoder.UnseenLabels;
        var report = EvaluationReport
            .Of(
                predictions,
                checked((int)job.Rows),
                checked((int)job.Quarantine.Count),
                options,
                unseen.ByTask.ToDictionary(task => task.Key, task => checked((int)task.Value), StringComparer.Ordinal)
            )
            .Naming(model.Schema, unseen) with
        {
            Split = split,
            TruncatedTexts = checked((int)job.Encoder.TruncatedTexts),
            Decisions = decided?.Figures(own, predictions),
            Novelty = decided?.Novelty(),
            Hierarchy = Hierarchy(predictions, decided),
            Slices =
                options.SliceColumns.Count == 0
                    ? null
                    : options
                        .SliceColumns.Distinct(StringComparer.Ordinal)
                        .ToDictionary(
                            column => column,
                            column =>
                                ColumnSlices.Of(
                                    predictions,
                                    Array.IndexOf(columns, column) is >= 0 and var place
                                        ? [.. rows.Rows.Select(row => cells[row][place])]
                                        : rows.Inputs,
                                    options.Threshold
                                ),
                            StringComparer.Ordinal
                        ),
        };
        return new EvaluationResult(report, predictions, rows.Ids, unseen, job.Quarantine, clock.Elapsed)
        {
            Uncalibrated = own,
            Decisions = decided is null ? [] : [.. Enumerable.Range(0, own.Count).Select(decided.Of)],
            Rows = rows.Rows,
            Limit = job.Limit,
            LongTexts = job.Encoder.LongTexts,
            UnseenFeatures = job.Encoder.UnseenFeatures,
        };
    }

    // Read on a worker thread, looked up once all rows are done.
    private static IEnumerable<Product> Remember(IEnumerable<Product> products, Dictionary<long, IReadOnlyList<string?>> cells)
    {
        foreach (var product in products)
        {
            if (product.Extras.Count > 0)
            {
                cells[product.Row] = product.Extras;
            }

            yield return product;
        }
    }

    private Dictionary<string, HierarchicalFigures>? Hierarchy(IReadOnlyList<TaskPredictions> predictions, DecisionCollector? decided)
    {
        var figures = new Dictionary<string, HierarchicalFigures>(StringComparer.Ordinal);
        foreach (var (task, place) in predictions.Select((task, place) => (task, place)))
        {
            if (model.Schema.Tasks[place].Tree is { } tree)
            {
                figures[task.Name] = HierarchicalFigures.Of(task, tree) with { Backoff = decided?.Backoff(place, task, tree) };
            }
        }

        return figures.Count > 0 ? figures : null;
    }
}
