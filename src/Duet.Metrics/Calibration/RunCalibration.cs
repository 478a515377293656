// What was learned about the trustworthiness of a run: calibration.json.
using Duet.Data;
using Duet.Metrics.Novelty;

namespace Duet.Metrics.Calibration;

/// <summary>The certificates of a run, one for every combination of inputs, and the weights that they belong to.</summary>
public sealed record RunCalibration
{
    /// <summary>The layout that this program reads and writes.</summary>
    public const int CurrentFormatVersion = 2;

    private static readonly CalibrationOptions Defaults = new();

    /// <summary>The layout of the file.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>SHA-256 of the run's <c>model.safetensors</c>, in hexadecimal: of other weights the calibration says nothing.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The precision that was asked for.</summary>
    public required double Precision { get; init; }

    /// <summary>The confidence that was asked for, per threshold.</summary>
    public required double Confidence { get; init; }

    /// <summary>Whether classes have thresholds of their own.</summary>
    public bool PerClass { get; init; }

    /// <summary>The correction that was asked for; a task's own can be another one, see <see cref="TaskCalibration.Note"/>.</summary>
    public CalibrationMethod Method { get; init; } = Defaults.Method;

    /// <summary>The share of the labelled rows that fitted.</summary>
    public double FitShare { get; init; } = Defaults.FitShare;

    /// <summary>The seed that dealt rows to the two parts.</summary>
    public int Seed { get; init; } = Defaults.Seed;

    /// <summary>From which calibrated probability on a class of a multi-label task was given; answers made with another one are not
    /// covered.</summary>
    public double Given { get; init; } = 0.5;

    /// <summary>The table it was made with, as it was named.</summary>
    public string Table { get; init; } = string.Empty;

    /// <summary>The words of the command line that name the table as it was read (<c>--data</c>, its columns, its limits), for making the
    /// calibration again; empty in older files.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The split of the table; null for all of it.</summary>
    public string? Split { get; init; }

    /// <summary>Rows that were looked at.</summary>
    public int Rows { get; init; }

    /// <summary>The share of the certifying rows that may lie beyond the novelty limit.</summary>
    public double Outside { get; init; } = Defaults.Outside;

    /// <summary>What the pictures and texts of the calibration rows are like.</summary>
    public NoveltyReference Novelty { get; init; } = new();

    /// <summary>
    /// The certificates, each for other inputs; the one for the most inputs first. Empty in a calibration that an earlier Duet made: it
    /// does not say for which inputs it holds, so nothing is accepted.
    /// </summary>
    public required IReadOnlyList<Certificate> Certificates { get; init; }

    /// <summary>The certificate for products with these inputs; null where there is none.</summary>
    public Certificate? For(InputPattern pattern) => Certificates.FirstOrDefault(certificate => certificate.Pattern.Equals(pattern));

    /// <summary>Checks every part against the tasks of the run.</summary>
    /// <exception cref="RunException">Something is missing or out of its range; the message says what, but not in which file.</exception>
    public void Validate(TaskSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Require(
            Precision is > 0 and < 1 && Confidence is > 0 and < 1 && Given is > 0 and < 1,
            "a precision, confidence or given that is not between 0 and 1"
        );
        Require(FitShare is >= 0.1 and <= 0.9, "a fit_share outside 0.1 to 0.9");
        Require(Outside is >= 0.001 and <= 0.5, "an outside that is not in 0.001 to 0.5");
        Require(WeightsSha256 is { Length: 64 } && WeightsSha256.All(char.IsAsciiHexDigit), "no SHA-256 of the weights");
        Require(Arguments?.All(word => word is not null) == true, "damaged arguments");
        Require(Novelty is not null && Novelty.Picture?.IsValid(PictureStatistics.Count) != false, "a damaged reference of pictures");
        Require(
            Certificates is not null
                && Certificates.All(certificate => certificate is { Features: not null, Tasks: not null, Novelty: not null }),
            "a damaged certificate"
        );
        Require(
            Certificates!.Select(certificate => certificate.Pattern).Distinct().Count() == Certificates!.Count,
            "two certificates for the same inputs"
        );
        foreach (var certificate in Certificates!)
        {
            Require(certificate.Novelty.IsValid(), $"a damaged novelty limit for {certificate.Pattern}");
            Validate(certificate.Tasks, schema);
        }
    }

    private void Validate(IReadOnlyList<TaskCalibration> tasks, TaskSchema schema)
    {
        Require(
            tasks.All(task =>
                task
                    is { Task: not null, Map: { Scale: not null, Bias: not null, Scores: not null, Shares: not null }, Threshold: not null }
            ) && tasks.Select(task => task.Task).SequenceEqual(schema.Tasks.Select(task => task.Name), StringComparer.Ordinal),
            $"other tasks than the run, which has {string.Join(", ", schema.Tasks.Select(task => task.Name))}"
        );
        foreach (var (own, task) in tasks.Zip(schema.Tasks))
        {
            own.Map.Validate(own.Task, task.Classes.Count);
            foreach (var threshold in (PrecisionThreshold?[])[own.Threshold, .. own.Levels ?? [], .. own.Classes?.Values ?? []])
            {
                Require(threshold is null or { Threshold: null or (>= 0 and <= 1) }, $"a threshold of task '{own.Task}' outside 0 to 1");
            }

            Require(
                own.Levels is null || (own.Levels.All(level => level is not null) && own.Levels.Count == task.Tree?.Depth),
                $"thresholds of the task '{own.Task}' for other levels than its taxonomy has"
            );
            Require(
                PerClass == (own.Classes is not null),
                $"no thresholds per class for task '{own.Task}', or some that should not be there"
            );
            Require(
                own.Classes is null
                    || own.Classes.All(label => label.Value is not null && task.Classes.Contains(label.Key, StringComparer.Ordinal)),
                $"a class that the task '{own.Task}' does not have"
            );
        }
    }

    private static void Require(bool valid, string problem)
    {
        if (!valid)
        {
            throw new RunException($"it has {problem}");
        }
    }
}
