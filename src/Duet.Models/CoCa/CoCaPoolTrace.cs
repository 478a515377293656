// What CoCa's picture pooling computed on the way.
using Duet.Models.Encoders;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Collects the intermediate results of CoCa's picture pooling.</summary>
public sealed class CoCaPoolTrace
{
    /// <summary>The pooler's results, <c>[B, N, D]</c>; empty where there is no pooler.</summary>
    public List<Tensor> Pooled { get; } = [];

    /// <summary>The pooler's attention, <c>[B, H, N, 1 + P]</c>; empty where there is no pooler.</summary>
    public List<Tensor> Attention { get; } = [];

    /// <summary>The attention of the pooler of the contrastive embedding, <c>[B, H, 1, N]</c> or <c>[B, H, 1, 1 + P]</c>; empty where there
    /// is none.</summary>
    public List<Tensor> Contrastive { get; } = [];

    /// <summary>The norm's result.</summary>
    public List<Tensor> Normalized { get; } = [];
}
