// Keeps freed memory of native code for the next tensors.
using System.Runtime.InteropServices;

namespace Duet.Torch;

/// <summary>
/// glibc gives large freed blocks back to the kernel at once and asks for them again a moment later: every step of a training then pays for
/// clearing and mapping the same memory anew. Here it is kept instead, as allocators made for tensors do. A process holds what its largest moment needed.
/// </summary>
public static partial class MemoryReuse
{
    // From malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPadding = -2;
    private const int MappedBlocks = -4;

    /// <summary>Makes glibc keep what is freed. Whoever tunes malloc in the environment (MALLOC_..., GLIBC_TUNABLES with glibc.malloc) keeps his choice.</summary>
    public static void Enable()
    {
        if (IsTuned())
        {
            return;
        }

        _ = SetOption(MappedBlocks, 0);
        _ = SetOption(TrimThreshold, -1);
        _ = SetOption(TopPadding, 64 << 20);
    }

    private static bool IsTuned()
        => Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(name => name.StartsWith("MALLOC_", StringComparison.Ordinal))
            || (Environment.GetEnvironmentVariable("GLIBC_TUNABLES")?.Contains("glibc.malloc", StringComparison.Ordinal) ?? false);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
