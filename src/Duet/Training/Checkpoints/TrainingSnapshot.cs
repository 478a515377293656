// The tensors of a checkpoint: everything a training step depends on.
using Duet.Models;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// Takes and restores the tensors of a training: model, loss, the stage's optimiser and averages, and the state of the CPU's generator. A
/// CUDA card has a generator of its own, whose state TorchSharp does not give: there a resumed run draws other dropout masks.
/// </summary>
internal sealed class TrainingSnapshot
{
    private readonly (string Prefix, Module Module)[] _modules;

    /// <summary>Creates the snapshots of a training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">Its loss, which may learn weights of its own.</param>
    public TrainingSnapshot(ProductModel model, MultiTaskLoss loss) => _modules = [("model.", model), ("loss.", loss)];

    /// <summary>The tensors as they are now.</summary>
    /// <param name="stage">The stage that runs; null between stages.</param>
    public IEnumerable<KeyValuePair<string, Tensor>> Take(StageLoop? stage) =>
        _modules
            .SelectMany(part =>
                part.Module.NamedState().Select(tensor => new KeyValuePair<string, Tensor>(part.Prefix + tensor.Key, tensor.Value))
            )
            .Concat(stage?.NamedState() ?? [])
            .Append(new("random.cpu", TorchRuntime.GetRandomState()));

    /// <summary>Gives model, loss and generator what a checkpoint holds; a stage restores itself.</summary>
    /// <exception cref="TrainingException">The checkpoint belongs to another configuration or version.</exception>
    public void Restore(Dictionary<string, Tensor> tensors)
    {
        foreach (var (prefix, module) in _modules)
        {
            Restore(module, prefix, tensors);
        }

        TorchRuntime.SetRandomState(
            tensors.TryGetValue("random.cpu", out var random)
                ? random
                : throw new TrainingException("The checkpoint has no tensor 'random.cpu'; it belongs to another version.")
        );
    }

    private static void Restore(Module module, string prefix, Dictionary<string, Tensor> tensors)
    {
        var own = tensors
            .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value, StringComparer.Ordinal);
        try
        {
            var (missing, unexpected) = module.LoadState(own);
            if (missing.Count + unexpected.Count > 0)
            {
                throw new TrainingException(
                    $"The checkpoint belongs to another configuration: {missing.Concat(unexpected).First()} differs."
                );
            }
        }
        catch (ModuleStateException e)
        {
            throw new TrainingException($"The checkpoint belongs to another configuration: {e.Message}", e);
        }
    }
}
