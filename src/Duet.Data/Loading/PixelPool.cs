// Recycles the large pixel arrays of batches.
using System.Collections.Concurrent;

namespace Duet.Data;

/// <summary>Arrays of one exact length (the framework's pools give longer ones, which tensors cannot take over whole).</summary>
/// <param name="length">The arrays' length.</param>
/// <param name="capacity">The most arrays kept for reuse.</param>
internal sealed class PixelPool(int length, int capacity)
{
    private readonly ConcurrentBag<byte[]> _free = [];

    public byte[] Rent() => _free.TryTake(out var array) ? array : GC.AllocateUninitializedArray<byte>(length);

    public void Return(byte[] array)
    {
        if (array.Length == length && _free.Count < capacity)
        {
            _free.Add(array);
        }
    }
}
