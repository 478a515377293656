// A running average of the weights.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Optimisers;

/// <summary>
/// An exponential moving average of parameters (Polyak averaging; Tarvainen and Valpola, arXiv 1703.01780). Early steps average faster:
/// the decay of step t is <c>min(decay, (1 + t) / (10 + t))</c>, so that the random start is forgotten.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
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
        using var recording = no_grad();
        _decay = decay;
        _names = [.. list.Select(item => item.Key)];
        _parameters = [.. list.Select(item => item.Value)];
        _averages = Array.ConvertAll(_parameters, parameter => parameter.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>How many updates have been made.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves the averages towards the parameters.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var decay = Math.Min(_decay, (1.0 + Steps) / (10.0 + Steps));
        Steps++;
        for (var k = 0; k < _averages.Length; k++)
        {
            _averages[k].lerp_(_parameters[k], 1 - decay);
        }
    }

    /// <summary>Exchanges parameters and averages; calling it again exchanges them back.</summary>
    public void Swap()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        for (var k = 0; k < _parameters.Length; k++)
        {
            var before = _parameters[k].detach().clone();
            _parameters[k].copy_(_averages[k]);
            _averages[k].copy_(before);
        }
    }

    /// <summary>The averages by parameter name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedState() =>
        _names.Zip(_averages, (name, average) => new KeyValuePair<string, Tensor>(name, average));

    /// <summary>Sets the number of updates made, after the averages of <see cref="NamedState"/> have been restored.</summary>
    public void RestoreSteps(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_averages, average => average.Dispose());
}
