// The machine behind the tensors: version, threads, random state, CUDA.
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>Settings and facts of the loaded libtorch.</summary>
public static class TorchRuntime
{
    /// <summary>libtorch's version, for instance <c>2.10.0</c>.</summary>
    public static string Version => __version__;

    /// <summary>Whether this libtorch can use a CUDA card of this machine.</summary>
    public static bool IsCudaAvailable => cuda_is_available();

    /// <summary>
    /// Whether this processor multiplies bfloat16 numbers itself (AVX512_BF16: Intel's manual, CPUID leaf 7, subleaf 1, EAX bit 5). Where
    /// it does not, libtorch emulates it, many times slower than float32.
    /// </summary>
    public static bool HasBFloat16Units =>
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <summary>How many threads libtorch uses for one operator on the current thread.</summary>
    public static int Threads => get_num_threads();

    /// <summary>Sets how many threads one operator uses. Call it on the thread that computes: the number is a property of the calling
    /// thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static void SetThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        set_num_threads(threads);
    }

    /// <summary>Seeds the generators of every device.</summary>
    public static void Seed(ulong seed) => random.manual_seed(unchecked((long)seed));

    /// <summary>The whole state of the CPU's generator as bytes, <c>[N]</c> uint8: what an exact resume needs.</summary>
    public static Tensor GetRandomState() => random.get_rng_state();

    /// <summary>Sets the CPU's generator to a state from <see cref="GetRandomState"/>.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The bytes are not such a state.</exception>
    public static void SetRandomState(Tensor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        random.set_rng_state(state);
    }
}
