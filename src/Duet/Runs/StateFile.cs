// Tensors by name, to and from safetensors.
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Runs;

/// <summary>Saves and loads the state of modules and optimisers.</summary>
public static class StateFile
{
    /// <summary>Writes tensors (temporary file, flush, rename).</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">Tensors by name, from any device.</param>
    /// <param name="metadata">Texts for the file's header.</param>
    /// <returns>The file's SHA-256 in hexadecimal digits.</returns>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public static string Save(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> state,
        IEnumerable<KeyValuePair<string, string>>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var writer = new SafetensorsWriter();
        foreach (var (name, tensor) in state)
        {
            var copy = tensor.detach().to(CPU).contiguous();
            writer.Add(name, TypeOf(copy.dtype), copy.shape, copy.DataAddress());
        }

        foreach (var (key, value) in metadata ?? [])
        {
            writer.AddMetadata(key, value);
        }

        return writer.Write(path);
    }

    /// <summary>Loads a module's whole state.</summary>
    /// <exception cref="SafetensorsException">The file is damaged.</exception>
    /// <exception cref="ModuleStateException">Names or shapes do not fit the module.</exception>
    public static void Load(string path, Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        using var source = SafetensorsSource.Open(path);
        var (missing, unexpected) = module.LoadState(source.ReadTensors());
        if (missing.Count > 0 || unexpected.Count > 0)
        {
            throw new ModuleStateException(
                $"{missing.Count} tensors are missing ({Names(missing)}) and {unexpected.Count} are unknown ({Names(unexpected)})."
            );
        }
    }

    private static string Names(IReadOnlyList<string> names) =>
        names.Count switch
        {
            0 => "none",
            <= 5 => string.Join(", ", names),
            _ => string.Join(", ", names.Take(5)) + ", ...",
        };

    private static SafetensorsType TypeOf(ScalarType type) =>
        type switch
        {
            ScalarType.Byte => SafetensorsType.U8,
            ScalarType.Int8 => SafetensorsType.I8,
            ScalarType.Int16 => SafetensorsType.I16,
            ScalarType.Int32 => SafetensorsType.I32,
            ScalarType.Int64 => SafetensorsType.I64,
            ScalarType.Float16 => SafetensorsType.F16,
            ScalarType.BFloat16 => SafetensorsType.BF16,
            ScalarType.Float32 => SafetensorsType.F32,
            ScalarType.Float64 => SafetensorsType.F64,
            ScalarType.Bool => SafetensorsType.Bool,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This type cannot be saved."),
        };
}
