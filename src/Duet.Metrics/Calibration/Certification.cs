// From rows with the same inputs to certificates.
using Duet.Data;
using Duet.Metrics.Novelty;

namespace Duet.Metrics.Calibration;

/// <summary>
/// Makes the certificates of a run. The table's rows are dealt once: the fitting part corrects probabilities, proposes thresholds and gives
/// the novelty references of pictures and embeddings; the other part certifies thresholds and the novelty limit. Rare words need many
/// texts, so the text reference is made of the training texts and of all rows, each of which is scored as if it were not among them.
/// </summary>
public static class Certification
{
    // Texts beyond these would make the file large and the reference no better.
    private const int MaxTexts = 20_000;

    /// <summary>Certifies.</summary>
    /// <param name="patterns">The rows of each input pattern; the same row may be in several.</param>
    /// <param name="trainingTexts">Token ids of the texts that the run was trained on; empty where they are not available.</param>
    /// <param name="schema">The tasks.</param>
    /// <param name="options">The promise; validated here.</param>
    /// <param name="given">The calibrated probability at which a class of a multi-label task is given.</param>
    /// <returns>The references that the certificates share, and a certificate for each pattern with rows in both parts.</returns>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    public static (NoveltyReference Novelty, IReadOnlyList<Certificate> Certificates) Of(
        IReadOnlyList<CertificationRows> patterns,
        IEnumerable<int[]> trainingTexts,
        TaskSchema schema,
        CalibrationOptions options,
        double given
    )
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ArgumentNullException.ThrowIfNull(trainingTexts);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        long[] all = [.. patterns.SelectMany(pattern => pattern.Rows).Distinct().Order()];
        var fits = all.Zip(Calibrator.Deal(all.Length, options)).ToDictionary(row => row.First, row => row.Second);
        var (texts, textRows) = Texts(patterns, trainingTexts);
        var novelty = new NoveltyReference { Picture = Pictures(patterns, fits), Text = texts };
        var certificates = new List<Certificate>();
        foreach (var pattern in patterns)
        {
            bool[] fitting = [.. pattern.Rows.Select(row => fits[row])];
            if (fitting.Count(fit => fit) < 2 || fitting.All(fit => fit))
            {
                continue;
            }

            bool OwnText(int row) => textRows.Contains(pattern.Rows[row]);
            int[] certifying = [.. Enumerable.Range(0, fitting.Length).Where(row => !fitting[row])];
            var limit = NoveltyLimit.Find(
                novelty,
                [.. pattern.Inputs.Where((_, row) => fitting[row])],
                [.. certifying.Select(row => pattern.Inputs[row])],
                row => OwnText(certifying[row]),
                options.Outside
            );
            bool[] inside = [.. pattern.Inputs.Select((input, row) => !limit.Score(novelty, input, OwnText(row)).IsOutside)];
            certificates.Add(
                new Certificate
                {
                    Picture = pattern.Pattern.Picture,
                    Text = pattern.Pattern.Text,
                    Features = pattern.Pattern.Features,
                    Rows = pattern.Rows.Count,
                    Hidden = pattern.Hidden,
                    Novelty = limit,
                    Tasks = Calibrator.Calibrate(pattern.Predictions, schema, options, given, fitting, inside),
                }
            );
        }

        return (novelty, certificates);
    }

    private static (TextReference? Reference, HashSet<long> Rows) Texts(
        IReadOnlyList<CertificationRows> patterns,
        IEnumerable<int[]> trainingTexts
    )
    {
        var (reference, rows) = (new TextReference(), new HashSet<long>());
        foreach (var (row, input) in patterns.SelectMany(pattern => pattern.Rows.Zip(pattern.Inputs)))
        {
            if (input.Text is { } text && rows.Count < MaxTexts && rows.Add(row))
            {
                reference.Add(text);
            }
        }

        foreach (var text in rows.Count > 0 ? trainingTexts.Take(MaxTexts - rows.Count) : [])
        {
            reference.Add(text);
        }

        return (rows.Count > 0 ? reference : null, rows);
    }

    private static GaussianReference? Pictures(IReadOnlyList<CertificationRows> patterns, Dictionary<long, bool> fits)
    {
        var pictures = patterns
            .SelectMany(pattern => pattern.Rows.Zip(pattern.Inputs))
            .Where(row => fits[row.First] && row.Second.Picture is not null)
            .DistinctBy(row => row.First)
            .Select(row => row.Second.Picture!)
            .ToList();
        return pictures.Count < 2 ? null : GaussianReference.Fit(pictures, PictureStatistics.Count);
    }
}

/// <summary>Rows with the same inputs.</summary>
/// <param name="Pattern">The inputs.</param>
/// <param name="Predictions">The model's own predictions, a task each, the same rows in all.</param>
/// <param name="Rows">The rows' numbers in the table, in the order of the predictions.</param>
/// <param name="Inputs">What the rows' novelty is computed from, in the same order.</param>
/// <param name="Hidden">How many rows have further inputs that were hidden.</param>
public sealed record CertificationRows(
    InputPattern Pattern,
    IReadOnlyList<TaskPredictions> Predictions,
    IReadOnlyList<long> Rows,
    IReadOnlyList<NoveltyInput> Inputs,
    int Hidden
);
