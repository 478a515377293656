// Modules under the names 0, 1, 2, ...
using System.Collections;
using System.Globalization;

namespace Duet.Torch.Modules;

/// <summary>A list of modules named by their position.</summary>
/// <typeparam name="T">The modules' type.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _items = [];

    /// <summary>Creates a list of the given modules.</summary>
    public ModuleList(params ReadOnlySpan<T> items)
    {
        foreach (var item in items)
        {
            Append(item);
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>Adds a module at the end.</summary>
    public void Append(T item)
    {
        Add(_items.Count.ToString(CultureInfo.InvariantCulture), item);
        _items.Add(item);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
