// Fewer threads for a while.
namespace Duet.Torch.Tests;

public sealed class ThreadLimitTests
{
    [Fact]
    public void Holds_on_this_thread_until_it_ends()
    {
        var before = TorchRuntime.Threads;
        TorchRuntime.SetThreads(2);
        using (var outer = new ThreadLimit(1))
        {
            TorchRuntime.Threads.ShouldBe(1);
            using (new ThreadLimit(3))
            {
                TorchRuntime.Threads.ShouldBe(1, "a limit never gives more");
            }

            outer.Dispose();
            TorchRuntime.Threads.ShouldBe(2);
            using var next = new ThreadLimit(1);
            outer.Dispose();
            TorchRuntime.Threads.ShouldBe(1, "an ended limit says nothing any more");
        }

        TorchRuntime.Threads.ShouldBe(2);
        Should.Throw<ArgumentOutOfRangeException>(() => new ThreadLimit(0));
        TorchRuntime.SetThreads(before);
    }
}
