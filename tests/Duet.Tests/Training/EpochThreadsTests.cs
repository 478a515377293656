// Threads beside busy programs: what is measured, what is chosen, and what is told.
using Duet.Torch;
using Duet.Training;
using TorchSharp;

namespace Duet.Tests.Training;

[Collection(RandomNumbersCollection.Name)]
public sealed class EpochThreadsTests
{
    private readonly Recorder _told = new();
    private readonly StandingClock _clock = new();
    private readonly Dictionary<int, double> _seconds = [];
    private int _probes;

    [Fact]
    public void A_fixed_number_stays_and_a_busy_machine_is_told_once()
    {
        var threads = Threads(new TrainingOptions { Threads = 2 });
        (_seconds[1], _seconds[2]) = (1.0, 0.6);
        threads.Begin(1);
        _told.Notes.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _seconds[2] = 1.9;
        threads.Begin(2);
        var note = _told.Notes.ShouldHaveSingleItem();
        note.ShouldStartWith("Another program seems to keep the cores busy: 1 thread would be about 1.9 times as fast as 2 just now.");
        note.ShouldContain("--threads 1");
        note.ShouldContain("--threads auto");
        _clock.Advance(TimeSpan.FromMinutes(1));
        threads.Begin(3);
        (_told.Notes.Count, _probes, threads.Current).ShouldBe((1, 2, 2));
    }

    [Fact]
    public void A_run_that_adapts_takes_the_fastest_and_says_when_it_changes()
    {
        var before = TorchRuntime.Threads;
        try
        {
            var threads = Threads(new TrainingOptions { Threads = 6, AdaptThreads = true });
            (_seconds[1], _seconds[2], _seconds[4], _seconds[6]) = (1.0, 0.5, 1.2, 2.0);
            Begin(epoch: 1, expected: 2);
            _told.Notes.ShouldHaveSingleItem().ShouldBe("From epoch 1 on 2 threads instead of 6, 4.0 times as fast just now.");
            TorchRuntime.Threads.ShouldBe(2);

            // A little faster is noise, and no change.
            _seconds[4] = 0.48;
            Begin(epoch: 2, expected: 2);
            _told.Notes.Count.ShouldBe(1);
            _seconds[6] = 0.2;
            Begin(epoch: 3, expected: 6);
            _told.Notes[^1].ShouldBe("From epoch 3 on 6 threads instead of 2, 2.5 times as fast just now.");

            void Begin(int epoch, int expected)
            {
                _clock.Advance(TimeSpan.FromHours(1));
                threads.Begin(epoch);
                threads.Current.ShouldBe(expected);
            }
        }
        finally
        {
            TorchRuntime.SetThreads(before);
        }
    }

    [Fact]
    public void Probes_cost_at_most_a_hundredth_of_the_time_and_one_thread_has_nothing_to_find_out()
    {
        var threads = Threads(new TrainingOptions { Threads = 2 }, TimeSpan.FromSeconds(0.5));
        (_seconds[1], _seconds[2]) = (1.0, 0.6);
        threads.Begin(1);
        _clock.Advance(TimeSpan.FromSeconds(49));
        threads.Begin(2);
        _probes.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        threads.Begin(3);
        _probes.ShouldBe(2);

        Threads(new TrainingOptions { Threads = 1, AdaptThreads = true }).Begin(1);
        Threads(
                new TrainingOptions
                {
                    Threads = 2,
                    AdaptThreads = true,
                    Device = "cuda",
                }
            )
            .Begin(1);
        _probes.ShouldBe(2);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void The_probe_leaves_threads_and_random_numbers_alone(Precision precision)
    {
        using var scope = torch.NewDisposeScope();
        var (threads, state) = (TorchRuntime.Threads, TorchRuntime.GetRandomState().data<byte>().ToArray());
        var seconds = ThreadProbe.Measure([1, 2], precision);
        seconds.Count.ShouldBe(2);
        seconds.ShouldAllBe(time => time > 0 && time < 10);
        TorchRuntime.Threads.ShouldBe(threads);
        TorchRuntime.GetRandomState().data<byte>().ToArray().SequenceEqual(state).ShouldBeTrue("random numbers were drawn");
    }

    private EpochThreads Threads(TrainingOptions options, TimeSpan cost = default) =>
        new(
            options,
            _told,
            _clock,
            numbers =>
            {
                _probes++;
                _clock.Advance(cost);
                return [.. numbers.Select(number => _seconds[number])];
            }
        );
}
