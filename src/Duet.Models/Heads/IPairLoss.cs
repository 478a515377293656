// What contrastively trained systems compare pictures and texts with.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>A loss over all pairs of pictures and texts of a batch, and the logits it is computed from.</summary>
public interface IPairLoss
{
    /// <summary>The logarithm of the factor on the cosines, <c>[]</c>.</summary>
    Tensor LogitScale { get; }

    /// <summary>Logits of every picture with every text: <c>[N, E]</c> and <c>[M, E]</c> to <c>[N, M]</c> float32.</summary>
    Tensor Logits(Tensor image, Tensor text);

    /// <summary>The loss where picture k and text k belong together: <c>[]</c>.</summary>
    Tensor Forward(Tensor image, Tensor text);
}
