// Writes the files of a published model.
using System.Text.Json;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Starter;

/// <summary>The files that a Hugging Face folder has.</summary>
internal static class StarterFiles
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Writes a JSON file with a line break at its end.</summary>
    internal static void WriteJson(string folder, string name, object content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, JsonSerializer.Serialize(content, Json) + "\n");
    }

    /// <summary>Writes tensors in float32 as <c>model.safetensors</c>, as transformers does.</summary>
    internal static void WriteWeights(string folder, IEnumerable<(string Name, long[] Shape, ReadOnlyMemory<byte> Bytes)> tensors)
    {
        var writer = new SafetensorsWriter().AddMetadata("format", "pt");
        foreach (var (name, shape, bytes) in tensors)
        {
            writer.Add(name, SafetensorsType.F32, shape, bytes);
        }

        writer.Write(Path.Combine(folder, SafetensorsSource.FileName));
    }
}
