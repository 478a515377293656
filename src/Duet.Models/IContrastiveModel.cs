// Systems whose towers embed pictures and texts into one space.
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>A system with a picture tower and a text tower whose outputs can be compared: what contrastive training and zero-shot
/// classification need.</summary>
public interface IContrastiveModel
{
    /// <summary>The scaled cosines and the loss over them.</summary>
    IPairLoss Contrastive { get; }

    /// <summary>Every picture in the joint space, not normalised: <c>[B, E]</c>. Rows without a picture mean nothing.</summary>
    Tensor EmbedImages(Batch batch);

    /// <summary>Every text in the joint space, not normalised: <c>[B, E]</c>. Rows without a text mean nothing.</summary>
    Tensor EmbedTexts(Batch batch);
}
