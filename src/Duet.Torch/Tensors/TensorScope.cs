// Frees the tensors made while it is open.
namespace Duet.Torch;

/// <summary>
/// Owns the tensors made on this thread while it is the innermost open scope and frees them when it is disposed.
/// What shall outlive it is named with <see cref="Keep(Tensor)"/> and passes to the scope around it (or to the caller where there is none).
/// </summary>
/// <example><code>
/// using (var scope = new TensorScope())
/// {
///     var hidden = x.MatMul(w).Relu();      // freed at the end
///     result = scope.Keep(hidden.Mean());   // lives on
/// }
/// </code></example>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? current;

    private readonly TensorScope? _outer;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor> _tensors = [];
    private bool _disposed;

    /// <summary>Opens a scope inside the one that is open on this thread.</summary>
    public TensorScope()
    {
        _outer = current;
        current = this;
    }

    /// <summary>How many tensors the scope holds now.</summary>
    public int Count => _tensors.Count;

    /// <summary>Lets <paramref name="tensor"/> outlive this scope.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope == this)
        {
            tensor.Scope = null;
            _outer?.Add(tensor);
        }

        return tensor;
    }

    /// <summary>Takes a tensor out of whichever scope owns it: the caller frees it.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Detach(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Scope = null;
        return tensor;
    }

    /// <summary>Frees the scope's tensors.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or this is another thread.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (current != this || _thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("Tensor scopes close in the reverse order of their opening, on the thread that opened them.");
        }

        _disposed = true;
        current = _outer;
        foreach (var tensor in _tensors)
        {
            if (tensor.Scope == this)
            {
                tensor.Dispose();
            }
        }

        _tensors.Clear();
    }

    internal static void Enter(Tensor tensor) => current?.Add(tensor);

    private void Add(Tensor tensor)
    {
        tensor.Scope = this;
        _tensors.Add(tensor);
    }
}
