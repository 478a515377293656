// How many threads compute the next epoch.
using System.Globalization;
using Duet.Torch;
using TorchSharp;

namespace Duet.Training;

/// <summary>
/// Measures before an epoch how fast each number of threads is beside the other programs on the machine. A run that adapts takes the
/// fastest; any other keeps its number, on which its bits depend, and says once that fewer would be faster
/// (docs/decisions/016-threads-beside-busy-programs.md).
/// </summary>
internal sealed class EpochThreads
{
    // A probe costs at most this part of the time, however short epochs are.
    private const double LargestPart = 0.01;

    // Less than this is noise, and another number of threads is worth a line of its own.
    private const double WorthIt = 1.1;

    private readonly bool _adapts;
    private readonly ITrainingProgress _progress;
    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyList<int>, IReadOnlyList<double>> _measure;
    private readonly int[] _numbers;
    private readonly long _begun;
    private TimeSpan _next;
    private bool _told;

    /// <summary>Begins with the recipe's number of threads.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="progress">Is told of a change, or that fewer threads would be faster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="measure">Seconds that the same work takes with each number of threads; <see cref="ThreadProbe"/> where null.</param>
    public EpochThreads(
        TrainingOptions options,
        ITrainingProgress progress,
        TimeProvider time,
        Func<IReadOnlyList<int>, IReadOnlyList<double>>? measure = null
    )
    {
        (_adapts, _progress, _time) = (options.AdaptThreads, progress, time);
        _measure = measure ?? (numbers => ThreadProbe.Measure(numbers, options.Precision));
        _numbers = DeviceName.Parse(options.Device).IsCuda ? [options.Threads] : Numbers(options.Threads);
        _begun = time.GetTimestamp();
        Current = options.Threads;
    }

    /// <summary>The threads that compute.</summary>
    public int Current { get; private set; }

    /// <summary>Decides, on the thread that computes.</summary>
    /// <param name="epoch">The epoch that begins, counted from 1.</param>
    public void Begin(int epoch)
    {
        var now = _time.GetElapsedTime(_begun);
        if (_numbers.Length < 2 || now < _next || (!_adapts && _told))
        {
            return;
        }

        var seconds = _measure(_numbers);
        var after = _time.GetElapsedTime(_begun);
        _next = after + ((after - now) / LargestPart);
        var fastest = Enumerable.Range(0, _numbers.Length).MinBy(i => seconds[i]);
        var times = seconds[Array.IndexOf(_numbers, Current)] / seconds[fastest];
        if (times < WorthIt)
        {
            return;
        }

        if (_adapts)
        {
            _progress.Note(
                FormattableString.Invariant(
                    $"From epoch {epoch} on {Describe(_numbers[fastest])} instead of {Current}, {times:0.0} times as fast just now."
                )
            );
            Current = _numbers[fastest];
            TorchRuntime.SetThreads(Current);
        }
        else
        {
            _told = true;
            _progress.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Another program seems to keep the cores busy: {Describe(_numbers[fastest])} would be about {times:0.0} times as "
                        + $"fast as {Current} just now. Go on with --threads {_numbers[fastest]}, or with --threads auto, which looks "
                        + $"before every epoch "
                        + $"(stop with Ctrl-C, then --resume)."
                )
            );
        }
    }

    // Powers of two below the maximum, and the maximum.
    private static int[] Numbers(int most) =>
        [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(number => number < most), most];

    private static string Describe(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";
}
