// Where a source's files are.
using Duet.Models.Pretrained.Onnx;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained;

/// <summary>The files of one source: weights, configuration, tokenizer, picture settings.</summary>
/// <param name="Folder">The folder that holds them.</param>
/// <param name="Weights">The safetensors file, the index of its shards, or the ONNX file.</param>
internal sealed record CheckpointFiles(string Folder, string Weights)
{
    private const string IndexEnding = ".safetensors.index.json";
    private const string OnnxFolder = "onnx";

    // In the order in which they are taken.
    private static readonly string[] WeightNames =
    [
        SafetensorsSource.FileName,
        SafetensorsSource.IndexName,
        "open_clip_model.safetensors",
        "open_clip_model.safetensors.index.json",
    ];

    private static readonly string[] Pickles =
    [
        "pytorch_model.bin",
        "open_clip_pytorch_model.bin",
        "pytorch_model.bin.index.json",
        "tf_model.h5",
    ];

    internal string? Configuration => IfThere("config.json");

    internal string? OpenClipConfiguration => IfThere("open_clip_config.json");

    internal string? RunConfiguration => IfThere("config.yaml");

    internal string? TokenizerConfiguration => IfThere("tokenizer_config.json");

    internal string? PictureConfiguration => IfThere("preprocessor_config.json");

    /// <summary>Finds the files of a folder or of one weights file.</summary>
    /// <exception cref="PretrainedException">There are no weights in a form that is read.</exception>
    internal static CheckpointFiles Find(string path)
    {
        if (Directory.Exists(path))
        {
            return new(path, FindWeights(path));
        }

        if (!File.Exists(path))
        {
            throw new PretrainedException($"{path}: there is no such file or folder.") { IsMissing = true };
        }

        if (OnnxWeights.IsName(path))
        {
            return new(FolderOf(path), path);
        }

        if (!path.EndsWith(".safetensors", StringComparison.Ordinal) && !path.EndsWith(IndexEnding, StringComparison.Ordinal))
        {
            throw new PretrainedException($"{path} is neither a .safetensors or .onnx file nor the index of shards of one. {WhatToDo}");
        }

        return new(Path.GetDirectoryName(Path.GetFullPath(path))!, path);
    }

    private const string WhatToDo =
        "Weights are read from safetensors and ONNX only: a pickle can run any program. Convert it where you trust it, for instance "
        + "with safetensors' save_file in Python.";

    private static string FindWeights(string folder)
    {
        if (WeightNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } usual)
        {
            return usual;
        }

        var others = Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal).ToArray();
        if (others is [var only])
        {
            return only;
        }

        if (others.Length > 1)
        {
            throw new PretrainedException(
                $"{folder} holds {others.Length} safetensors files ({string.Join(", ", others.Take(4).Select(Path.GetFileName))}) and "
                    + $"none called {WeightNames[0]}; name the one you want."
            );
        }

        string[] graphs =
        [
            .. new[] { folder, Path.Combine(folder, OnnxFolder) }
                .Where(Directory.Exists)
                .SelectMany(place => Directory.GetFiles(place, "*.onnx"))
                .Order(StringComparer.Ordinal),
        ];
        if (
            Array.Find(
                graphs,
                graph => graphs.Length == 1 || string.Equals(Path.GetFileName(graph), "model.onnx", StringComparison.Ordinal)
            ) is
            { } exported
        )
        {
            return exported;
        }

        throw Array.Find(Pickles, name => File.Exists(Path.Combine(folder, name))) is { } pickle
            ? new PretrainedException($"{Path.Combine(folder, pickle)}: {WhatToDo}")
            : new PretrainedException(
                $"{folder} holds no weights; expected one of {string.Join(", ", WeightNames)}, or one other *.safetensors or *.onnx."
            );
    }

    // Exports are often kept in a folder of their own below the model's configuration and tokenizer.
    private static string FolderOf(string graph)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(graph))!;
        return
            string.Equals(Path.GetFileName(folder), OnnxFolder, StringComparison.Ordinal)
            && !File.Exists(Path.Combine(folder, "config.json"))
            && Path.GetDirectoryName(folder) is { } above
            && File.Exists(Path.Combine(above, "config.json"))
            ? above
            : folder;
    }

    private string? IfThere(string name) => Path.Combine(Folder, name) is var path && File.Exists(path) ? path : null;
}
