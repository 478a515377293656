// The machine behind the tensors: version, threads, random state, CUDA.
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>Settings and facts of the loaded libtorch.</summary>
public static unsafe class TorchRuntime
{
    /// <summary>libtorch's version, for instance <c>1.13.0</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.duet_torch_version())!;

    /// <summary>Whether this libtorch can use a CUDA card of this machine.</summary>
    public static bool IsCudaAvailable => NativeMethods.duet_cuda_available() != 0;

    /// <summary>
    /// Whether this processor multiplies bfloat16 numbers itself (AVX512_BF16: Intel's manual, CPUID leaf 7, subleaf 1, EAX bit 5). Where it does not, libtorch emulates it,
    /// many times slower than float32.
    /// </summary>
    public static bool HasBFloat16Units =>
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <summary>How many threads libtorch uses for one operator on the current thread.</summary>
    public static int Threads => NativeMethods.duet_threads();

    /// <summary>
    /// Sets the sizes of libtorch's pool and of OpenBLAS's pool. Call it on the thread that computes: the first is a property of the
    /// calling thread. The two pools must not both have the machine's size and be used in turn without rest, or they fight for its cores.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static void SetThreads(int torch, int blas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(torch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blas, 1);
        NativeMethods.Check(NativeMethods.duet_set_threads(torch, blas));
    }

    /// <summary>Seeds the generators of every device.</summary>
    public static void Seed(ulong seed) => NativeMethods.Check(NativeMethods.duet_random_seed(seed));

    /// <summary>The generator's whole state as bytes, <c>[N]</c> uint8: what an exact resume needs.</summary>
    public static Tensor GetRandomState(Device device = default)
    {
        NativeMethods.Check(NativeMethods.duet_random_get_state(device.IsCuda ? 1 : 0, out var state));
        return Tensor.Own(state);
    }

    /// <summary>Sets the generator to a state from <see cref="GetRandomState"/>.</summary>
    /// <exception cref="TorchException">The bytes are no such state.</exception>
    public static void SetRandomState(Tensor state, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        NativeMethods.Check(NativeMethods.duet_random_set_state(device.IsCuda ? 1 : 0, state.Handle));
        GC.KeepAlive(state);
    }

    /// <summary>Free and total bytes of the current CUDA card.</summary>
    /// <exception cref="TorchException">There is none.</exception>
    public static (long Free, long Total) CudaMemory()
    {
        NativeMethods.Check(NativeMethods.duet_cuda_memory(out var free, out var total));
        return (free, total);
    }
}
