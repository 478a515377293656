// How many threads compute.
using Duet.Torch;

namespace Duet.Training;

/// <summary>Sets how many threads libtorch computes with.</summary>
public static class ComputeThreads
{
    /// <summary>Uses the given number of threads on the calling thread's behalf.</summary>
    public static void Use(int threads) => TorchRuntime.SetThreads(threads);
}
