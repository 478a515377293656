// How many threads compute, and in whose pool.
using Duet.Torch;

namespace Duet.Training;

/// <summary>Shares the machine's cores between libtorch's pool and OpenBLAS's.</summary>
public static class ComputeThreads
{
    /// <summary>Uses the given number of threads on the calling thread's behalf.</summary>
    public static void Use(int threads) => TorchRuntime.SetThreads(threads, threads);
}
