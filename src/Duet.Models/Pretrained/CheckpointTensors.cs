// Reads a checkpoint's tensors as float32.
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>Brings stored weights to float32 and refuses what cannot be weights.</summary>
internal static class CheckpointTensors
{
    /// <summary>
    /// All tensors by published name: float16, bfloat16 and float64 are converted to float32; whole numbers and truth values stay as they
    /// are (constants that a name map leaves out).
    /// </summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="converted">How many tensors of which type were converted.</param>
    /// <exception cref="PretrainedException">A tensor holds NaN or infinite numbers.</exception>
    /// <exception cref="SafetensorsException">A tensor cannot be read.</exception>
    internal static Dictionary<string, Tensor> Read(ISafetensorsSource source, out IReadOnlyDictionary<ScalarType, int> converted)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var counts = new SortedDictionary<ScalarType, int>();
        foreach (var entry in source.Entries)
        {
            var tensor = source.ReadTensor(entry.Name);
            if (IsFloat(tensor.dtype) && tensor.isfinite().all().to(ScalarType.Float32).ToNumber() == 0)
            {
                throw new PretrainedException(
                    $"{source.Path}: tensor '{entry.Name}' holds NaN or infinite values; the file is damaged or its training had "
                        + $"diverged. Fetch it again, or take another checkpoint."
                );
            }

            if (IsFloat(tensor.dtype) && tensor.dtype != ScalarType.Float32)
            {
                counts[tensor.dtype] = counts.GetValueOrDefault(tensor.dtype) + 1;
                using var narrow = tensor;
                tensor = narrow.to(ScalarType.Float32);
            }

            tensors[entry.Name] = tensor;
        }

        converted = counts;
        return tensors;
    }

    /// <summary>Whether a type can hold weights.</summary>
    internal static bool IsFloat(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float64;
}
