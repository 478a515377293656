// What CLIP asks of a picture tower.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>A tower that turns pictures into vectors.</summary>
public interface IImageEncoder
{
    /// <summary>One vector per picture in the joint space, not normalised: <c>[B, 3, S, S] -> [B, E]</c>.</summary>
    /// <param name="pixels"><c>[B, 3, S, S]</c>.</param>
    Tensor Forward(Tensor pixels);
}
