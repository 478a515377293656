// Dropout.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Sets elements to zero at random while training (Srivastava et al., JMLR 2014).</summary>
public sealed class Dropout : Module
{
    private readonly double _probability;

    /// <summary>Creates dropout with the probability that an element is dropped, in <c>[0, 1)</c>.</summary>
    public Dropout(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        _probability = probability;
    }

    /// <summary>Any shape.</summary>
    public Tensor Forward(Tensor input) => Functional.Dropout(input, _probability, training);
}
