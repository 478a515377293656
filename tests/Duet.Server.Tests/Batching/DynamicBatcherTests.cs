// The batcher with a model that only counts, and a clock that stands still until it is moved.
using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Duet.Server.Batching.Tests;

public sealed class DynamicBatcherTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<int[]> _batches = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _allowed = new(0);
    private DynamicBatcher<int, int>? _batcher;

    [Fact]
    public async Task What_waits_while_a_batch_is_worked_on_becomes_the_next_one()
    {
        var batcher = Start(max: 4);
        var answers = new List<Task<int>> { Ask(batcher, 1) };
        await _begun.WaitAsync(Patience);
        answers.AddRange(Enumerable.Range(2, 6).Select(item => Ask(batcher, item)));
        _allowed.Release(10);

        (await Task.WhenAll(answers).WaitAsync(Patience)).ShouldBe([10, 20, 30, 40, 50, 60, 70]);
        _batches.ShouldBe([
            [1],
            [2, 3, 4, 5],
            [6, 7],
        ]);
        batcher.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_waits_for_items_on_their_way_no_longer_than_it_may()
    {
        var batcher = Start(max: 4);
        _allowed.Release(10);
        batcher.TryReserve(2).ShouldBeTrue();
        var first = batcher.RunAsync(1, CancellationToken.None);
        await Task.Delay(100);
        first.IsCompleted.ShouldBeFalse("the second item is on its way");

        await AdvanceUntilAsync(first);
        (await first).ShouldBe(10);
        _batches.ShouldBe([
            [1],
        ]);
        batcher.Waiting.ShouldBe(1);
        (await batcher.RunAsync(2, CancellationToken.None).WaitAsync(Patience)).ShouldBe(20);
    }

    [Fact]
    public async Task A_full_batch_does_not_wait()
    {
        var batcher = Start(max: 2);
        _allowed.Release(10);
        batcher.TryReserve(3).ShouldBeTrue();
        Task<int>[] answers = [batcher.RunAsync(1, CancellationToken.None), batcher.RunAsync(2, CancellationToken.None)];

        (await Task.WhenAll(answers).WaitAsync(Patience)).ShouldBe([10, 20]);
        _batches.Sum(batch => batch.Length).ShouldBe(2);
    }

    [Fact]
    public void Places_are_bounded_and_all_or_none()
    {
        var batcher = Start(limit: 3);
        batcher.TryReserve(2).ShouldBeTrue();
        batcher.TryReserve(2).ShouldBeFalse();
        batcher.TryReserve(1).ShouldBeTrue();
        batcher.TryReserve(1).ShouldBeFalse();
        batcher.Release();
        batcher.TryReserve(1).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue_at_once_and_is_not_worked_on()
    {
        var batcher = Start(max: 4, limit: 3);
        var first = Ask(batcher, 1);
        await _begun.WaitAsync(Patience);
        using var impatient = new CancellationTokenSource();
        var second = Ask(batcher, 2, impatient.Token);
        var third = Ask(batcher, 3);
        batcher.Waiting.ShouldBe(2);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second.WaitAsync(Patience));
        batcher.Waiting.ShouldBe(1);

        _allowed.Release(10);
        await Task.WhenAll(first, third).WaitAsync(Patience);
        _batches.ShouldBe([
            [1],
            [3],
        ]);
    }

    [Fact]
    public async Task Who_gives_up_while_it_is_worked_on_does_not_wait_for_the_end()
    {
        var batcher = Start();
        using var impatient = new CancellationTokenSource();
        var answer = Ask(batcher, 1, impatient.Token);
        await _begun.WaitAsync(Patience);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(answer.WaitAsync(Patience));
        _allowed.Release(10);
        (await Ask(batcher, 2).WaitAsync(Patience)).ShouldBe(20);
    }

    [Fact]
    public async Task An_item_that_spoils_its_batch_fails_alone()
    {
        var batcher = Start(max: 4);
        var first = Ask(batcher, 1);
        await _begun.WaitAsync(Patience);
        var (good, bad, other) = (Ask(batcher, 2), Ask(batcher, -1), Ask(batcher, 3));
        _allowed.Release(10);

        (await Task.WhenAll(first, good, other).WaitAsync(Patience)).ShouldBe([10, 20, 30]);
        (await Should.ThrowAsync<InvalidDataException>(bad.WaitAsync(Patience))).Message.ShouldBe("-1");
    }

    [Fact]
    public async Task The_end_answers_what_is_in_the_queue()
    {
        var batcher = Start(max: 2);
        var answers = Enumerable.Range(1, 5).Select(item => Ask(batcher, item)).ToArray();
        await _begun.WaitAsync(Patience);
        var end = batcher.DisposeAsync().AsTask();
        _allowed.Release(10);
        await end.WaitAsync(Patience);

        (await Task.WhenAll(answers)).ShouldBe([10, 20, 30, 40, 50]);
        await Should.ThrowAsync<ChannelClosedException>(batcher.RunAsync(6, CancellationToken.None));
    }

    [Fact]
    public async Task Batches_of_several_workers_are_worked_on_side_by_side()
    {
        var batcher = Start(max: 1, passes: 2);
        var answers = new[] { Ask(batcher, 1), Ask(batcher, 2) };
        (await _begun.WaitAsync(Patience)).ShouldBeTrue();
        (await _begun.WaitAsync(Patience)).ShouldBeTrue();
        _allowed.Release(10);
        (await Task.WhenAll(answers).WaitAsync(Patience)).ShouldBe([10, 20]);
    }

    [Fact]
    public async Task Thousands_of_items_from_many_callers_each_get_their_own_answer()
    {
        var batcher = Start(max: 16, limit: 100_000, passes: 3);
        _allowed.Release(100_000);
        using var impatient = new CancellationTokenSource();
        var answers = Enumerable
            .Range(1, 5000)
            .Select(item => Task.Run(() => Ask(batcher, item, item % 7 == 0 ? impatient.Token : CancellationToken.None)))
            .ToArray();
        await impatient.CancelAsync();
        for (var i = 0; i < answers.Length; i++)
        {
            try
            {
                (await answers[i].WaitAsync(Patience)).ShouldBe(10 * (i + 1));
            }
            catch (OperationCanceledException)
            {
                ((i + 1) % 7).ShouldBe(0);
            }
        }

        batcher.Waiting.ShouldBe(0);
        _batches.ShouldAllBe(batch => batch.Length <= 16);
    }

    public async ValueTask DisposeAsync()
    {
        _allowed.Release(1_000_000);
        if (_batcher is not null)
        {
            await _batcher.DisposeAsync();
        }

        _begun.Dispose();
        _allowed.Dispose();
    }

    private DynamicBatcher<int, int> Start(int max = 8, int limit = 100, int passes = 1) =>
        _batcher = new DynamicBatcher<int, int>(new BatchRules(max, TimeSpan.FromMilliseconds(5), limit, passes), Work, _time);

    private static async Task<int> Ask(DynamicBatcher<int, int> batcher, int item, CancellationToken cancellation = default)
    {
        batcher.TryReserve(1).ShouldBeTrue();
        return await batcher.RunAsync(item, cancellation);
    }

    // The batcher sets its timer some time after the item came.
    private async Task AdvanceUntilAsync(Task done)
    {
        for (var i = 0; i < 1000 && !done.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Delay(5);
        }
    }

    private int[] Work(IReadOnlyList<int> items)
    {
        _begun.Release();
        _allowed.Wait();
        if (items.Any(item => item < 0))
        {
            throw new InvalidDataException(string.Join(',', items));
        }

        _batches.Enqueue([.. items]);
        return [.. items.Select(item => 10 * item)];
    }
}
