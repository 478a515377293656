// What BERT makes of a sequence.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The result of a BERT encoder.</summary>
/// <param name="Hidden">The last layer's states, <c>[B, L, D]</c>.</param>
/// <param name="Pooled">The pooled first state, <c>[B, D]</c>.</param>
public sealed record BertOutput(Tensor Hidden, Tensor Pooled);
