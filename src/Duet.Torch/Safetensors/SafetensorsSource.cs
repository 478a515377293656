// Opens whatever form a set of safetensors has: a file, an index, or a folder with either.
namespace Duet.Torch.Safetensors;

/// <summary>Opens checkpoints without asking whether they are in one file or in shards.</summary>
public static class SafetensorsSource
{
    /// <summary>The usual name of a checkpoint in one file.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The usual name of the index of a checkpoint in shards.</summary>
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>Opens a <c>.safetensors</c> file, an index ending in <c>.index.json</c>, or a folder that holds one of the usual
    /// names.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="SafetensorsException">The checkpoint is not valid.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or none of the usual names is in the folder.</exception>
    public static ISafetensorsSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            return OpenFolder(path);
        }

        return path.EndsWith(".index.json", StringComparison.Ordinal) ? ShardedSafetensors.Open(path) : SafetensorsFile.Open(path);
    }

    private static ISafetensorsSource OpenFolder(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (File.Exists(file))
        {
            return SafetensorsFile.Open(file);
        }

        var index = Path.Combine(folder, IndexName);
        return File.Exists(index)
            ? ShardedSafetensors.Open(index)
            : throw new FileNotFoundException($"{folder}: holds neither {FileName} nor {IndexName}.", file);
    }
}
