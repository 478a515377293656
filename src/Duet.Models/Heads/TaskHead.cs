// The classifier of one task.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>A norm if wanted, then linear, GELU, dropout, linear: <c>[B, D] -> [B, C]</c>. CMA-CLIP's task-specific MLP (arXiv
/// 2112.03562).</summary>
public sealed class TaskHead : Module
{
    private readonly LayerNorm? _norm;
    private readonly Linear? _hidden;
    private readonly Linear _output;
    private readonly double _dropout;

    /// <summary>Creates the classifier.</summary>
    /// <param name="width">Width D of the embedding.</param>
    /// <param name="hidden">Width of the hidden layer; 0 for a linear classifier.</param>
    /// <param name="classes">The number of classes C.</param>
    /// <param name="dropout">Probability of dropping an element before the last layer while training.</param>
    /// <param name="norm">Whether the embedding is normalised first.</param>
    public TaskHead(long width, long hidden, long classes, double dropout, bool norm = false)
    {
        _dropout = dropout;
        _norm = norm ? Add("norm", new LayerNorm(width)) : null;
        _hidden = hidden > 0 ? Add("hidden", new Linear(width, hidden, deviation: Math.Pow(width, -0.5))) : null;
        _output = Add("output", new Linear(hidden > 0 ? hidden : width, classes));
    }

    /// <summary><c>[B, D] -> [B, C]</c>, in full precision.</summary>
    public Tensor Forward(Tensor embedding)
    {
        var normalized = _norm is null ? embedding : _norm.Forward(embedding);
        var hidden = _hidden is null ? normalized : _hidden.Forward(normalized).gelu();
        return _output.Forward(Functional.Dropout(hidden, _dropout, training)).to(ScalarType.Float32);
    }
}
