// Calibrates a trained model on a table.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Runs;

namespace Duet.Inference;

/// <summary>Makes a run's <c>calibration.json</c>.</summary>
/// <param name="model">The model, loaded without its calibration (<see cref="ModelUseOptions.Calibrated"/> off).</param>
public sealed class RunCalibrator(DuetModel model)
{
    private const string Training = "train";
    private const string Validation = "val";

    /// <summary>Classifies the rows, fits corrections, certifies thresholds and saves them with the run, in place of an earlier
    /// calibration.</summary>
    /// <param name="source">A labelled table.</param>
    /// <param name="split">
    /// As in <see cref="Evaluator.Evaluate"/>; rows that the model was trained on must not be among them. Null means val where the table is
    /// the run's own, and for all of another table.
    /// </param>
    /// <param name="options">The promise; the defaults where null.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job; nothing is written then.</param>
    /// <returns>The calibration and what was set aside.</returns>
    /// <exception cref="InvalidOperationException">The model was loaded with an earlier calibration.</exception>
    /// <exception cref="OptionException">An option is out of its range, or the split is the one that the model was trained on.</exception>
    /// <exception cref="TableException">The table cannot be read, is empty, lacks a column, or has no row of the split.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public CalibrationResult Calibrate(
        TableSource source,
        string? split = null,
        CalibrationOptions? options = null,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new CalibrationOptions();
        options.Validate();
        if (model.Calibration is not null)
        {
            throw new InvalidOperationException(
                "The model's probabilities are calibrated already; load it with ModelUseOptions.Calibrated = false."
            );
        }

        split = SplitOf(source, split);

        // Hashed before the work, so that weights that change meanwhile make the calibration stale instead of wrong.
        var hash = CalibrationFile.HashOf(model.Folder.WeightsFile);
        var table = source.Open(model.Configuration.Data, model.Schema.Columns, splits: split is not null);
        var collector = new PatternCollector(model);
        var job = new TableJob(model, source, model.Schema, collector.Run, model.Model.Options.Modalities);
        var products = table.Read(job.Quarantine);
        job.Run(
            split is null
                ? products
                : SplitSelection.Select(products, split, table.Options, model.Configuration, job.Quarantine, cancellation),
            static (_, _, _) => { },
            progress,
            cancellation
        );
        if (job.Rows == 0)
        {
            throw new TableException($"No row of {source.Path} can be used to calibrate: {job.Quarantine.Describe()}.")
            {
                File = source.Path,
            };
        }

        CertificationRows[] patterns = [.. collector.Patterns.Select(rows => rows.Choose())];
        UsableLabels.Require(source.Path, model.Schema, patterns[0].Predictions, job.Encoder.UnseenLabels);
        var texts = patterns.Any(rows => rows.Pattern.Text) ? TrainingTexts(cancellation) : null;
        var (novelty, certificates) = Certification.Of(patterns, texts ?? [], model.Schema, options, model.Options.Threshold);
        var calibration = new RunCalibration
        {
            WeightsSha256 = hash,
            Precision = options.Precision,
            Confidence = options.Confidence,
            PerClass = options.PerClass,
            Method = options.Method,
            FitShare = options.FitShare,
            Seed = options.Seed,
            Outside = options.Outside,
            Given = model.Options.Threshold,
            Table = source.Path,
            Arguments = TableArguments.Of(source),
            Split = split,
            Rows = checked((int)job.Rows),
            Novelty = novelty,
            Certificates = certificates,
        };
        CalibrationFile.Save(calibration, model.Folder);
        return new CalibrationResult(calibration, job.Quarantine, job.Encoder.UnseenLabels)
        {
            HasTrainingTexts = texts is not null,
            TrainingTextShare = IsOwn(source)
                ? 0
                : ShareIn(texts ?? [], [.. patterns[0].Inputs.Select(input => input.Text).OfType<int[]>()]),
        };
    }

    // Token ids of the training texts; null where the run's own table is not there any more, or reads otherwise.
    private List<int[]>? TrainingTexts(CancellationToken cancellation)
    {
        try
        {
            var data = model.Configuration.Data;
            var table = new TableSource(data.Path).Open(data, model.Schema.Columns, splits: true);
            var products = SplitSelection.Select(
                table.Read(new Quarantine()),
                Training,
                table.Options,
                model.Configuration,
                new Quarantine(),
                cancellation
            );
            var encoding = ModelInputs.Texts(model.Inputs);
            return
            [
                .. products
                    .Where(product => product.HasText)
                    .Select(product => ProductEncoder.Rows(model.Tokenizer, product.Text, encoding)[0])
                    .Select(row => row.Ids[..row.Length]),
            ];
        }
        catch (TableException)
        {
            return null;
        }
    }

    private bool IsOwn(TableSource source) => DataIdentity.IsSamePath(source.Path, model.Configuration.Data.Path);

    private static double ShareIn(List<int[]> training, int[][] texts)
    {
        static string Key(int[] text) => string.Join(',', text);
        var known = training.Select(Key).ToHashSet(StringComparer.Ordinal);
        return texts.Length == 0 ? 0 : (double)texts.Count(text => known.Contains(Key(text))) / texts.Length;
    }

    // A model is surer and more often right on rows it has learned from, so thresholds found there promise what no new product keeps.
    private string? SplitOf(TableSource source, string? split)
    {
        if (!IsOwn(source))
        {
            return split;
        }

        OptionException.Require(
            !string.Equals(Splitter.CanonicalName(split), Training, StringComparison.Ordinal),
            $"split is {split}, but {source.Path} is the table the model was trained on and these are the rows it has learned from: "
                + $"it is right on them more often than on new products, so no promise would hold. Use {Validation} or test, or "
                + $"another table."
        );
        return split ?? Validation;
    }
}

/// <summary>A calibration that was written, and what could not be used for it.</summary>
/// <param name="Calibration">The certificates.</param>
/// <param name="Quarantine">Rows and pictures that were set aside.</param>
/// <param name="UnseenLabels">Labels that the model does not know; their rows certify nothing for that task.</param>
public sealed record CalibrationResult(RunCalibration Calibration, Quarantine Quarantine, UnseenLabels UnseenLabels)
{
    /// <summary>Whether the texts that the run was trained on are part of the novelty reference; not so where its own table is not
    /// available.</summary>
    public bool HasTrainingTexts { get; init; }

    /// <summary>Of another table than the run's own, the share of the rows with a text whose text is one of training: where it is large,
    /// these may be the rows that the model has learned from.</summary>
    public double TrainingTextShare { get; init; }
}
