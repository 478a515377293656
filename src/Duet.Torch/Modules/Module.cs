// The base of everything that has parameters.
namespace Duet.Torch.Modules;

/// <summary>
/// A part of a network: owns parameters, buffers and other modules under names, which make up the dotted names of the state dictionary.
/// </summary>
public abstract class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Module>> _children = [];
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly List<KeyValuePair<string, Tensor>> _buffers = [];

    /// <summary>Whether dropout and batch statistics are on. Modules start in evaluation mode.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>The parts directly inside this one, in the order of registration.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => _children;

    /// <summary>Switches training mode here and in every part.</summary>
    public void Train(bool training = true)
    {
        IsTraining = training;
        foreach (var (_, child) in _children)
        {
            child.Train(training);
        }
    }

    /// <summary>Switches to evaluation mode: deterministic, no dropout, running statistics.</summary>
    public void Evaluate() => Train(training: false);

    /// <summary>All trainable tensors with their dotted names. A shared parameter appears once, under its first name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() => Distinct(Walk(string.Empty, module => module._parameters));

    /// <summary>All tensors that are saved but not trained, with their dotted names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers() => Walk(string.Empty, module => module._buffers);

    /// <summary>Parameters and buffers with their dotted names: what a checkpoint holds.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedState() => NamedParameters().Concat(NamedBuffers());

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount() => NamedParameters().Sum(parameter => parameter.Value.ElementCount);

    /// <summary>Copies a state into the parameters and buffers, converted to their types.</summary>
    /// <param name="state">Tensors by dotted name.</param>
    /// <returns>The names this module wants and did not find, and the names it was given and does not know.</returns>
    /// <exception cref="ModuleStateException">A tensor has another shape.</exception>
    public (IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = new TensorScope();
        using var gradients = Gradients.Disabled();
        var missing = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, target) in NamedState())
        {
            known.Add(name);
            if (!state.TryGetValue(name, out var source))
            {
                missing.Add(name);
                continue;
            }

            if (!source.Shape.AsSpan().SequenceEqual(target.Shape))
            {
                throw new ModuleStateException(
                    $"Tensor '{name}' has shape [{string.Join(", ", source.Shape)}]; this model needs [{string.Join(", ", target.Shape)}].");
            }

            target.CopyInPlace(source);
        }

        return (missing, state.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).ToList());
    }

    /// <summary>Moves parameters and buffers to a device; the tensors keep their identity.</summary>
    public void To(Device device)
    {
        using var scope = new TensorScope();
        using var gradients = Gradients.Disabled();
        foreach (var (_, tensor) in NamedState())
        {
            tensor.SetData(tensor.To(device));
        }
    }

    /// <summary>Forgets all gradients.</summary>
    public void ClearGradients()
    {
        foreach (var (_, parameter) in NamedParameters())
        {
            parameter.Gradient = null;
        }
    }

    /// <summary>Switches the training of all parameters of this part on or off.</summary>
    public void SetTrainable(bool trainable)
    {
        foreach (var (_, parameter) in NamedParameters())
        {
            parameter.RequiresGrad = trainable;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the parameters, buffers and parts.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        foreach (var (_, child) in _children)
        {
            child.Dispose();
        }

        foreach (var (_, tensor) in _parameters.Concat(_buffers))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Registers a part under a name.</summary>
    /// <returns>The part.</returns>
    protected T Add<T>(string name, T child)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        _children.Add(new(name, child));
        return child;
    }

    /// <summary>Registers a trainable tensor, which from now on belongs to this module.</summary>
    /// <returns>The tensor.</returns>
    protected Tensor AddParameter(string name, Tensor value)
    {
        _parameters.Add(new(name, TensorScope.Detach(value)));
        value.RequiresGrad = true;
        return value;
    }

    /// <summary>Registers a tensor that is saved but not trained, which from now on belongs to this module.</summary>
    /// <returns>The tensor.</returns>
    protected Tensor AddBuffer(string name, Tensor value)
    {
        _buffers.Add(new(name, TensorScope.Detach(value)));
        return value;
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Distinct(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var seen = new HashSet<Tensor>();
        return tensors.Where(tensor => seen.Add(tensor.Value));
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Walk(string prefix, Func<Module, List<KeyValuePair<string, Tensor>>> tensors)
    {
        foreach (var (name, tensor) in tensors(this))
        {
            yield return new(prefix + name, tensor);
        }

        foreach (var (name, child) in _children)
        {
            foreach (var inner in child.Walk($"{prefix}{name}.", tensors))
            {
                yield return inner;
            }
        }
    }
}
