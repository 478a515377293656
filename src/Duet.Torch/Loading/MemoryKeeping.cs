// How the C library keeps the memory that tensors give back.
using System.Runtime.InteropServices;

namespace Duet.Torch.Loading;

/// <summary>
/// Every operator asks the C library for its result's memory. glibc maps large blocks again each time and gives them back at once, and
/// clearing the fresh pages then takes half of a training step (docs/decisions/015). With the settings here it keeps what is freed and
/// hands it out again. They are set from within, so nothing has to be preloaded; other C libraries and allocators have their own rules.
/// </summary>
internal static partial class MemoryKeeping
{
    // mallopt's parameters, from malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    /// <summary>Keeps freed memory; whoever set glibc's own variables for it keeps his choice.</summary>
    internal static void Prefer()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is not null)
        {
            return;
        }

        try
        {
            // Further arenas, one per thread, hold no blocks beyond 64 MiB; those would be mapped again each time.
            _ = SetMallocOption(ArenaMax, 1);
            _ = SetMallocOption(TrimThreshold, int.MaxValue);
            _ = SetMallocOption(MmapThreshold, 1 << 30);
            _ = SetMallocOption(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such settings.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);
}
