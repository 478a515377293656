// One argument of an operator that is called through the stable C interface.
using Duet.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>
/// An argument for <see cref="StableOperator"/>: a tensor, an integer, a real number, a truth value, a list of tensors, or nothing for an
/// optional one. Made by implicit conversion. On libtorch's stack each takes 64 bits (torch/csrc/stable/stableivalue_conversions.h).
/// </summary>
public readonly unsafe struct StableValue
{
    private readonly object? _tensors;
    private readonly ulong _bits;

    private StableValue(object? tensors, ulong bits) => (_tensors, _bits) = (tensors, bits);

    /// <summary>No value: an absent optional argument.</summary>
    public static StableValue None => default;

    /// <summary>A tensor.</summary>
    public static implicit operator StableValue(Tensor tensor) => new(tensor, 0);

    /// <summary>A list of tensors.</summary>
    public static implicit operator StableValue(Tensor[] tensors) => new(tensors, 0);

    /// <summary>An integer.</summary>
    public static implicit operator StableValue(long value) => new(null, (ulong)value);

    /// <summary>A real number.</summary>
    public static implicit operator StableValue(double value) => new(null, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator StableValue(bool value) => new(null, value ? 1UL : 0UL);

    // The call takes ownership of what the stack names, so every tensor gets a handle of its own here.
    internal ulong ToStack() =>
        _tensors switch
        {
            Tensor tensor => NewHandle(tensor),
            Tensor[] list => NewList(list),
            _ => _bits,
        };

    private static ulong NewHandle(Tensor tensor)
    {
        nint handle;
        StableInterface.Check(StableInterface.aoti_torch_new_tensor_handle(tensor.Handle, &handle), "a tensor argument");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    private static ulong NewList(Tensor[] tensors)
    {
        nint list;
        StableInterface.Check(StableInterface.torch_new_list_reserve_size((nuint)tensors.Length, &list), "a list of tensors");
        foreach (var tensor in tensors)
        {
            StableInterface.Check(StableInterface.torch_list_push_back(list, NewHandle(tensor)), "a list of tensors");
        }

        return (ulong)list;
    }
}
