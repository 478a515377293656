// Masks for dropout, made by every core at once.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Duet.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>
/// Masks of zeros and <c>1 / (1 - p)</c>. libtorch draws its own one element after another, which costs a tenth of a training step on two
/// cores. Here an element's fate is a hash of a seed and its position (Chris Wellons' lowbias32), so the cores share the work and the
/// result depends on neither their number nor their order. One value is drawn from libtorch's generator per mask: saving the generator's
/// state is enough to repeat a run.
/// </summary>
internal static unsafe class DropoutMask
{
    // Elements per block: one vector of 16-bit values. Positions are hashed in pairs of 16 bits.
    private const int Block = 32;
    private const long BlocksPerTask = 512;

    /// <summary>Whether masks of this type and device are made here.</summary>
    internal static bool Serves(Tensor input) =>
        input.device_type == DeviceType.CPU && input.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>A mask of the input's shape and type.</summary>
    internal static Tensor Like(Tensor input, double probability)
    {
        var mask = empty(input.shape, dtype: input.dtype, device: CPU);
        using var drawn = randint(0, long.MaxValue, [1], dtype: ScalarType.Int64);
        var seed = (ulong)drawn.item<long>();
        var kept = BitConverter.SingleToUInt32Bits((float)(1 / (1 - probability)));
        var job = new Job
        {
            Data = mask.DataAddress(),
            Count = mask.numel(),
            Seed = (uint)seed,
            Key = (uint)(seed >> 32),
            Threshold = (ushort)Math.Min(Math.Round(probability * 65536), ushort.MaxValue),
            Kept = kept,
            IsHalf = input.dtype == ScalarType.BFloat16,
        };
        StableInterface.Check(
            StableInterface.torch_parallel_for(0, (job.Count + Block - 1) / Block, BlocksPerTask, &Fill, &job),
            "a dropout mask"
        );
        return mask;
    }

    [UnmanagedCallersOnly]
    private static void Fill(long begin, long end, void* context)
    {
        var job = (Job*)context;
        var positions = Vector512<uint>.Indices;
        for (var block = begin; block < end; block++)
        {
            // Blocks beyond 2^32 take another key, so that positions never repeat.
            var first = block * (Block / 2);
            var key = job->Key + ((uint)(first >> 32) * 0x9E3779B9U);
            var random = Mix(((positions + Vector512.Create((uint)first)) ^ Vector512.Create(job->Seed)) + Vector512.Create(key))
                .AsUInt16();
            var keep = Vector512.GreaterThanOrEqual(random, Vector512.Create(job->Threshold));
            var count = Math.Min(Block, job->Count - (block * Block));
            if (job->IsHalf)
            {
                Store((ushort*)job->Data + (block * Block), keep & Vector512.Create(Rounded(job->Kept)), count);
            }
            else
            {
                var (lower, upper) = Vector512.Widen(keep.AsInt16());
                var target = (uint*)job->Data + (block * Block);
                Store(target, lower.AsUInt32() & Vector512.Create(job->Kept), Math.Min(count, 16));
                Store(target + 16, upper.AsUInt32() & Vector512.Create(job->Kept), count - 16);
            }
        }
    }

    private static void Store<T>(T* target, Vector512<T> values, long count)
        where T : unmanaged
    {
        if (count >= Vector512<T>.Count)
        {
            values.Store(target);
            return;
        }

        for (var k = 0; k < count; k++)
        {
            target[k] = values[k];
        }
    }

    // Every output bit depends on every input bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> x)
    {
        x ^= x >>> 16;
        x *= Vector512.Create(0x7FEB352DU);
        x ^= x >>> 15;
        x *= Vector512.Create(0x846CA68BU);
        return x ^ (x >>> 16);
    }

    // float32 to bfloat16, to the nearest.
    private static ushort Rounded(uint bits) => (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);

    [StructLayout(LayoutKind.Auto)]
    private struct Job
    {
        internal nint Data;
        internal long Count;
        internal uint Seed;
        internal uint Key;
        internal uint Kept;
        internal ushort Threshold;
        internal bool IsHalf;
    }
}
