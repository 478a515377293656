// A running average of the weights.
namespace Duet.Torch.Optimisers;

/// <summary>
/// An exponential moving average of parameters (Polyak averaging; Tarvainen and Valpola, arXiv 1703.01780). Early steps average faster:
/// the decay of step t is <c>min(decay, (1 + t) / (10 + t))</c>, so that the random start is forgotten.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private static readonly Operator ForeachMul = new("aten::_foreach_mul_", "Scalar");
    private static readonly Operator ForeachAdd = new("aten::_foreach_add_", "List");

    private readonly double _decay;
    private readonly string[] _names;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _averages;

    /// <summary>Starts from the parameters as they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not in [0, 1).</exception>
    public ExponentialMovingAverage(IEnumerable<KeyValuePair<string, Tensor>> parameters, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        var list = parameters.ToList();
        using var recording = Gradients.Disabled();
        _decay = decay;
        _names = [.. list.Select(item => item.Key)];
        _parameters = [.. list.Select(item => item.Value)];
        _averages = Array.ConvertAll(_parameters, parameter => TensorScope.Detach(parameter.Detach().Clone()));
    }

    /// <summary>How many updates have been made.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves the averages towards the parameters.</summary>
    public void Update()
    {
        using var recording = Gradients.Disabled();
        var decay = Math.Min(_decay, (1.0 + Steps) / (10.0 + Steps));
        Steps++;
        ForeachMul.Run(_averages, decay);
        ForeachAdd.Run(_averages, _parameters, 1 - decay);
    }

    /// <summary>Exchanges parameters and averages; calling it again exchanges them back.</summary>
    public void Swap()
    {
        using var scope = new TensorScope();
        using var recording = Gradients.Disabled();
        for (var k = 0; k < _parameters.Length; k++)
        {
            var before = _parameters[k].Detach().Clone();
            _parameters[k].CopyInPlace(_averages[k]);
            _averages[k].CopyInPlace(before);
        }
    }

    /// <summary>The averages by parameter name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedState() => _names.Zip(_averages, (name, average) => new KeyValuePair<string, Tensor>(name, average));

    /// <summary>Sets the number of updates made, after the averages of <see cref="NamedState"/> have been restored.</summary>
    public void RestoreSteps(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_averages, average => average.Dispose());
}
