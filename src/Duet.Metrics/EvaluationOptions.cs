// What an evaluation computes beside the fixed figures.
namespace Duet.Metrics;

/// <summary>The choices of an evaluation, each checked when it is set.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The precisions at which recall is reported, each in (0, 1].</summary>
    /// <exception cref="ArgumentException">A precision is out of range.</exception>
    public IReadOnlyList<double> Precisions
    {
        get;
        init =>
            field =
                value is not null && value.All(precision => precision > 0 && precision <= 1)
                    ? value
                    : throw new ArgumentException("Every precision must be in (0, 1].", nameof(value));
    } = [0.90, 0.95];

    /// <summary>From which probability on a class of a multi-label task counts as given, in (0, 1).</summary>
    /// <exception cref="ArgumentException">The threshold is out of range.</exception>
    public float Threshold
    {
        get;
        init =>
            field =
                value > 0 && value < 1
                    ? value
                    : throw new ArgumentException($"The threshold must be between 0 and 1, not {value}.", nameof(value));
    } = 0.5f;

    /// <summary>The number of bins of calibration errors and reliability curves, 1 to 1000.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    public int Bins
    {
        get;
        init =>
            field = value is >= 1 and <= 1000
                ? value
                : throw new ArgumentException($"The number of bins must be in 1..1000, not {value}.", nameof(value));
    } = CalibrationMetrics.DefaultBins;

    /// <summary>Draws for confidence intervals: 0 for none, else 100 to a million.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    public int Resamples
    {
        get;
        init =>
            field = value is 0 or (>= 100 and <= 1_000_000)
                ? value
                : throw new ArgumentException($"Use 0 draws for no intervals, or 100 to 1,000,000, not {value}.", nameof(value));
    } = Bootstrap.DefaultResamples;

    /// <summary>Columns to slice the figures by; <see cref="Slices.ColumnSlices.Inputs"/> slices by which inputs a row has.</summary>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public IReadOnlyList<string> SliceColumns
    {
        get;
        init =>
            field =
                value is not null && value.All(column => !string.IsNullOrWhiteSpace(column))
                    ? value
                    : throw new ArgumentException("A column to slice by needs a name.", nameof(value));
    } = [];

    /// <summary>The seed of the draws.</summary>
    public int Seed { get; init; } = 1;
}
