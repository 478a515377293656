// What became of the requests of a load.
namespace Duet.Benchmarks;

/// <summary>All requests of a load.</summary>
internal sealed class LoadFigures(IReadOnlyCollection<LoadSample> samples, TimeSpan elapsed)
{
    private readonly double[] _times =
    [
        .. samples.Where(sample => sample.Answered).Select(sample => sample.Time.TotalMilliseconds).Order(),
    ];

    /// <summary>Answers per second.</summary>
    public double PerSecond => _times.Length / elapsed.TotalSeconds;

    /// <summary>Requests that were told to come back.</summary>
    public int Refused => samples.Count(sample => !sample.Answered);

    /// <summary>Answers that differ from those of the model alone.</summary>
    public int Wrong => samples.Count(sample => sample is { Answered: true, Right: false });

    /// <summary>The time in milliseconds within which a share of the answers came.</summary>
    public double Quantile(double share) =>
        _times.Length == 0 ? double.NaN : _times[(int)Math.Min(_times.Length - 1, share * _times.Length)];
}
