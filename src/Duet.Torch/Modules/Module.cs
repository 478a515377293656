// The base of Duet's modules: TorchSharp's own, with parts registered by the names that state dictionaries hold.
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// A part of a network. It is a module of TorchSharp with two habits of its own: it starts in evaluation mode, and what it owns is
/// registered by name and in order, not found by reflection over its fields, so that the names in files are those of the published models.
/// </summary>
public abstract class Module : nn.Module
{
    /// <summary>Creates the module in evaluation mode: no dropout, running statistics.</summary>
    protected Module()
        : base(nameof(Module))
    {
        name = GetType().Name;
#pragma warning disable MA0056 // There is nothing to override yet: no parts are registered, and switching modes is TorchSharp's.
        eval();
#pragma warning restore MA0056
    }

    /// <summary>All trainable tensors with their dotted names. A shared parameter appears once, under its first name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() =>
        named_parameters().Select(parameter => KeyValuePair.Create(parameter.name, (Tensor)parameter.parameter));

    /// <summary>All tensors that are saved but not trained, with their dotted names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers() =>
        named_buffers().Select(buffer => KeyValuePair.Create(buffer.name, buffer.buffer));

    /// <summary>Parameters and buffers with their dotted names: what a checkpoint holds.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedState() => NamedParameters().Concat(NamedBuffers());

    /// <summary>The number of trainable values.</summary>
    public long ParameterCount() => parameters().Sum(parameter => parameter.numel());

    /// <summary>Copies a state into the parameters and buffers, converted to their types.</summary>
    /// <param name="state">Tensors by dotted name.</param>
    /// <returns>The names this module needs and did not find, and the names it was given and does not know.</returns>
    /// <exception cref="ModuleStateException">A tensor has another shape.</exception>
    public (IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        using var recording = no_grad();
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

            if (!source.shape.AsSpan().SequenceEqual(target.shape))
            {
                throw new ModuleStateException(
                    $"Tensor '{name}' has shape [{string.Join(", ", source.shape)}]; this model needs [{string.Join(", ", target.shape)}]."
                );
            }

            target.copy_(source);
        }

        return (missing, state.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).ToList());
    }

    /// <summary>Moves parameters and buffers to a device. The tensors stay the same objects, so an optimiser that holds them keeps
    /// them.</summary>
    public void To(Device device)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        foreach (var (_, tensor) in NamedState())
        {
            if (tensor.device.type != device.type || tensor.device.index != device.index)
            {
                tensor.SetData(tensor.to(device));
            }
        }
    }

    /// <summary>Switches the training of all parameters of this part on or off.</summary>
    public void SetTrainable(bool trainable)
    {
        foreach (var parameter in parameters())
        {
            parameter.requires_grad = trainable;
        }
    }

    /// <summary>Registers a part under a name.</summary>
    /// <returns>The part.</returns>
    protected T Add<T>(string name, T child)
        where T : nn.Module
    {
        register_module(name, child);
        return child;
    }

    /// <summary>Registers a trainable tensor, which from now on belongs to this module.</summary>
    /// <param name="name">The name in the state dictionary.</param>
    /// <param name="value">The starting values; the result takes them over, and this object is empty afterwards.</param>
    /// <returns>The parameter.</returns>
    protected Parameter AddParameter(string name, Tensor value)
    {
        var parameter = new Parameter(value);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>Registers a tensor that is saved but not trained, which from now on belongs to this module.</summary>
    /// <returns>The tensor.</returns>
    protected Tensor AddBuffer(string name, Tensor value)
    {
        register_buffer(name, value.DetachFromDisposeScope());
        return value;
    }

    /// <summary>Does nothing: parts are registered by <see cref="Add{T}(string, T)"/>, not found among the fields.</summary>
    protected sealed override void RegisterComponents() { }
}
