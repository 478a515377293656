// AdamW over groups of parameters, one native call per group.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Optimisers;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2). A step is one call of libtorch's fused kernel per group, which
/// TorchSharp's own AdamW does not use.
/// </summary>
public sealed class AdamW : IDisposable
{
    private static readonly StableOperator Fused = new("aten::_fused_adamw_");

    private readonly AdamWOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly Dictionary<Tensor, (Tensor First, Tensor Second)> _moments = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates the optimiser with moments of zero.</summary>
    public AdamW(IReadOnlyList<ParameterGroup> groups, AdamWOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (_groups, _options) = (groups, options ?? new AdamWOptions());
        foreach (var (_, parameter) in groups.SelectMany(group => group.Parameters))
        {
            var shape = parameter.shape;
            _moments[parameter] = (
                zeros(shape, device: parameter.device).DetachFromDisposeScope(),
                zeros(shape, device: parameter.device).DetachFromDisposeScope()
            );
        }
    }

    /// <summary>How many steps have been made.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes one step against the gradients; parameters without a gradient stay.</summary>
    /// <param name="learningRate">The step's learning rate, before each group's scale.</param>
    /// <param name="gradientScale">Factor on the gradients, which are changed by it: what clipping asks for.</param>
    public void Step(double learningRate, double gradientScale = 1)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        Steps++;
        foreach (var group in _groups)
        {
            var parameters = new List<Tensor>(group.Parameters.Count);
            var gradients = new List<Tensor>(group.Parameters.Count);
            foreach (var (_, parameter) in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                {
                    parameters.Add(parameter);
                    gradients.Add(gradientScale == 1 ? gradient : gradient.MultiplyInPlace(gradientScale));
                }
            }

            if (parameters.Count > 0)
            {
                Step(group, [.. parameters], [.. gradients], learningRate * group.LearningRateScale);
            }
        }
    }

    /// <summary>The moments by parameter name (<c>NAME.first</c>, <c>NAME.second</c>): what a checkpoint holds besides
    /// <see cref="Steps"/>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedState()
    {
        foreach (var (name, parameter) in _groups.SelectMany(group => group.Parameters))
        {
            yield return new($"{name}.first", _moments[parameter].First);
            yield return new($"{name}.second", _moments[parameter].Second);
        }
    }

    /// <summary>Sets the number of steps made, after the moments of <see cref="NamedState"/> have been restored.</summary>
    public void RestoreSteps(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (first, second) in _moments.Values)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    // The kernel takes the same number of steps for every parameter, so one tensor serves for all.
    private void Step(ParameterGroup group, Tensor[] parameters, Tensor[] gradients, double learningRate)
    {
        var firsts = Array.ConvertAll(parameters, parameter => _moments[parameter].First);
        var seconds = Array.ConvertAll(parameters, parameter => _moments[parameter].Second);
        var steps = Enumerable
            .Repeat(Tensors.Full([], Steps, dtype: ScalarType.Float32, device: parameters[0].device), parameters.Length)
            .ToArray();
        Fused.Run(
            parameters,
            gradients,
            firsts,
            seconds,
            Array.Empty<Tensor>(),
            steps,
            learningRate,
            _options.Beta1,
            _options.Beta2,
            group.WeightDecay,
            _options.Epsilon,
            false,
            false,
            StableValue.None,
            StableValue.None
        );
    }
}

/// <summary>AdamW's constants (Loshchilov and Hutter, arXiv 1711.05101).</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients, in [0, 1). CLIP trains with 0.98.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-6;
}

/// <summary>Parameters trained alike.</summary>
/// <param name="Parameters">The tensors.</param>
/// <param name="LearningRateScale">Factor on the step's learning rate: layer-wise decay, slower towers.</param>
/// <param name="WeightDecay">Decoupled weight decay per unit of learning rate; 0 for biases, norms and embeddings.</param>
public sealed record ParameterGroup(IReadOnlyList<KeyValuePair<string, Tensor>> Parameters, double LearningRateScale, double WeightDecay);
