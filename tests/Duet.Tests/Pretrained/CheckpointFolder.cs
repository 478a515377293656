// A folder with a checkpoint as published ones look, gone after the test.
using System.Text.Json;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

internal sealed class CheckpointFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public CheckpointFolder Json(string name, object content)
    {
        _folder.Write(name, JsonSerializer.Serialize(content));
        return this;
    }

    public CheckpointFolder Text(string name, string content)
    {
        _folder.Write(name, content);
        return this;
    }

    public CheckpointFolder Weights(
        Dictionary<string, Tensor> state,
        ScalarType type = ScalarType.Float32,
        string name = "model.safetensors"
    )
    {
        StateFile.Save(_folder[name], Converted(state, type));
        return this;
    }

    /// <summary>The same in shards with Hugging Face's index.</summary>
    public CheckpointFolder Shards(Dictionary<string, Tensor> state, int count)
    {
        var map = new Dictionary<string, string>();
        foreach (
            var (shard, tensors) in state
                .OrderBy(tensor => tensor.Key, StringComparer.Ordinal)
                .Index()
                .GroupBy(tensor => tensor.Index % count, tensor => tensor.Item)
                .Index()
        )
        {
            var file = $"model-{shard + 1:D5}-of-{count:D5}.safetensors";
            StateFile.Save(_folder[file], tensors);
            foreach (var (name, _) in tensors)
            {
                map[name] = file;
            }
        }

        return Json(
            "model.safetensors.index.json",
            new { metadata = new { total_size = state.Values.Sum(tensor => tensor.numel() * 4) }, weight_map = map }
        );
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, Tensor> Converted(Dictionary<string, Tensor> state, ScalarType type) =>
        state.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.dtype == ScalarType.Float32 ? tensor.Value.to(type) : tensor.Value);
}
