// One step of a latent encoder, put together from what its layers reported.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

/// <summary>What one read, or one application of the block, computed.</summary>
/// <param name="IsRead">True for a read of the input, false for a block of self-attention layers.</param>
/// <param name="UsesLaterWeights">Whether the step used the second set of weights.</param>
/// <param name="Input">The latents before the step; null for the first, whose input is the learned array.</param>
internal sealed record LatentStep(bool IsRead, bool UsesLaterWeights, Tensor? Input)
{
    public List<Tensor> Layers { get; } = [];

    public List<Tensor> Attention { get; } = [];

    public Tensor Result => Layers[^1];

    /// <summary>The steps of <c>encoder</c>. A read has one layer (<c>read.W</c>); a block begins with its layer 0 (<c>blocks.W.0</c>).
    /// </summary>
    public static IReadOnlyList<LatentStep> Of(ForwardRecorder recorder)
    {
        var steps = new List<LatentStep>();
        foreach (var ((path, state), (_, attention)) in recorder.Reports("hidden", "encoder").Zip(recorder.Reports("attention", "encoder")))
        {
            var parts = path.Split('.');
            var isRead = parts[1] == "read";
            if (isRead || parts[3] == "0")
            {
                steps.Add(new LatentStep(isRead, parts[2] != "0", steps.Count == 0 ? null : steps[^1].Result));
            }

            steps[^1].Layers.Add(state);
            steps[^1].Attention.Add(attention);
        }

        return steps;
    }
}
