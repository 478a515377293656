// AdamW over groups of parameters, one native call per group.
namespace Duet.Torch.Optimisers;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2). A step is one call per group: a fused kernel of our own on the CPU,
/// libtorch's <c>_foreach_</c> operators elsewhere.
/// </summary>
public sealed class AdamW : IDisposable
{
    private static readonly Operator Fused = new("duet::adamw_");
    private static readonly Operator ForeachMul = new("aten::_foreach_mul_", "Scalar");
    private static readonly Operator ForeachMulNew = new("aten::_foreach_mul", "Scalar");
    private static readonly Operator ForeachAdd = new("aten::_foreach_add_", "List");
    private static readonly Operator ForeachAddScalar = new("aten::_foreach_add_", "Scalar");
    private static readonly Operator ForeachAddCMul = new("aten::_foreach_addcmul_", "Scalar");
    private static readonly Operator ForeachAddCDiv = new("aten::_foreach_addcdiv_", "Scalar");
    private static readonly Operator ForeachSqrt = new("aten::_foreach_sqrt");

    private readonly AdamWOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly Dictionary<Tensor, (Tensor First, Tensor Second)> _moments = [];

    /// <summary>Creates the optimiser with moments of zero.</summary>
    public AdamW(IReadOnlyList<ParameterGroup> groups, AdamWOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (_groups, _options) = (groups, options ?? new AdamWOptions());
        foreach (var (_, parameter) in groups.SelectMany(group => group.Parameters))
        {
            var shape = parameter.Shape;
            _moments[parameter] = (
                TensorScope.Detach(Tensor.Zeros(shape, device: parameter.Device)),
                TensorScope.Detach(Tensor.Zeros(shape, device: parameter.Device)));
        }
    }

    /// <summary>How many steps have been made.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes one step against the gradients; parameters without a gradient stay.</summary>
    /// <param name="learningRate">The step's learning rate, before each group's scale.</param>
    /// <param name="gradientScale">Factor on the gradients: what clipping asks for, without a pass of its own.</param>
    public void Step(double learningRate, double gradientScale = 1)
    {
        using var scope = new TensorScope();
        using var recording = Gradients.Disabled();
        Steps++;
        foreach (var group in _groups)
        {
            var parameters = new List<Tensor>(group.Parameters.Count);
            var gradients = new List<Tensor>(group.Parameters.Count);
            foreach (var (_, parameter) in group.Parameters)
            {
                if (parameter.Gradient is { } gradient)
                {
                    parameters.Add(parameter);
                    gradients.Add(gradient);
                }
            }

            if (parameters.Count > 0)
            {
                Step(group, [.. parameters], [.. gradients], learningRate * group.LearningRateScale, gradientScale);
            }
        }
    }

    /// <summary>The moments by parameter name (<c>NAME.first</c>, <c>NAME.second</c>): what a checkpoint holds besides <see cref="Steps"/>.</summary>
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

    private void Step(ParameterGroup group, Tensor[] parameters, Tensor[] gradients, double learningRate, double gradientScale)
    {
        var firsts = Array.ConvertAll(parameters, parameter => _moments[parameter].First);
        var seconds = Array.ConvertAll(parameters, parameter => _moments[parameter].Second);
        if (!parameters[0].Device.IsCuda)
        {
            Fused.Run(
                parameters, gradients, firsts, seconds, learningRate, _options.Beta1, _options.Beta2, _options.Epsilon, group.WeightDecay, Steps, gradientScale);
            return;
        }

        var scaled = gradientScale == 1 ? gradients : Array.ConvertAll(ForeachMulNew.CallMany(gradients, gradientScale), gradient => gradient!);
        ForeachMul.Run(firsts, _options.Beta1);
        ForeachAdd.Run(firsts, scaled, 1 - _options.Beta1);
        ForeachMul.Run(seconds, _options.Beta2);
        ForeachAddCMul.Run(seconds, scaled, scaled, 1 - _options.Beta2);
        var denominators = Array.ConvertAll(ForeachSqrt.CallMany((Value)seconds), root => root!);
        ForeachMul.Run(denominators, 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps)));
        ForeachAddScalar.Run(denominators, _options.Epsilon);
        ForeachMul.Run(parameters, 1 - (learningRate * group.WeightDecay));
        ForeachAddCDiv.Run(parameters, firsts, denominators, -learningRate / (1 - Math.Pow(_options.Beta1, Steps)));
    }
}
