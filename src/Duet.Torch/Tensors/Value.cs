// One argument of an operator call, on the managed side.
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>
/// An argument for <see cref="Operator.Call(ReadOnlySpan{Value})"/>: a tensor, number, list, type, device or nothing.
/// Made by implicit conversion. Tensors it names are kept alive until the call returns.
/// </summary>
public readonly unsafe struct Value
{
    private readonly object? _object;
    private readonly ValueTag _tag;
    private readonly long _bits;
    private readonly nint _pointer;

    private Value(ValueTag tag, object? managed = null, long bits = 0, nint pointer = 0)
        => (_tag, _object, _bits, _pointer) = (tag, managed, bits, pointer);

    /// <summary>No value: an absent optional argument.</summary>
    public static Value None => default;

    /// <summary>The schema's own default.</summary>
    public static Value Default => new(ValueTag.Default);

    /// <summary>A tensor, or an undefined one where null.</summary>
    public static implicit operator Value(Tensor? tensor) => tensor is null ? None : new Value(ValueTag.Tensor, tensor);

    /// <summary>An integer; libtorch takes it where a real number is wanted too.</summary>
    public static implicit operator Value(long number) => new(ValueTag.Integer, bits: number);

    /// <summary>A real number.</summary>
    public static implicit operator Value(double number) => new(ValueTag.Real, bits: BitConverter.DoubleToInt64Bits(number));

    /// <summary>A truth value.</summary>
    public static implicit operator Value(bool value) => new(ValueTag.Boolean, bits: value ? 1 : 0);

    /// <summary>An element type.</summary>
    public static implicit operator Value(ScalarType type) => new(ValueTag.Integer, bits: (long)type);

    /// <summary>A device.</summary>
    public static implicit operator Value(Device device) => new(ValueTag.Device, bits: device.Encoded);

    /// <summary>A list of tensors; null elements are undefined tensors.</summary>
    public static implicit operator Value(Tensor?[] tensors) => new(ValueTag.TensorList, tensors);

    /// <summary>A list of integers. The memory must stay where it is until the call returns (<c>fixed</c> or stack).</summary>
    internal static Value Integers(long* items, int count) => new(ValueTag.IntegerList, bits: count, pointer: (nint)items);

    /// <summary>A list of integers that the collector must not move while the call runs.</summary>
    internal static Value Text(byte* utf8, int length) => new(ValueTag.Text, bits: length, pointer: (nint)utf8);

    internal int ListLength => _object is Tensor?[] tensors ? tensors.Length : 0;

    // `room` receives the handles of a tensor list and must stay in place until the call returns.
    internal NativeValue ToNative(nint* room)
    {
        switch (_tag)
        {
            case ValueTag.Tensor:
                return new NativeValue { Tag = _tag, Pointer = ((Tensor)_object!).Handle };
            case ValueTag.TensorList:
                var tensors = (Tensor?[])_object!;
                for (var k = 0; k < tensors.Length; k++)
                {
                    room[k] = tensors[k]?.Handle ?? 0;
                }

                return new NativeValue { Tag = _tag, Size = tensors.Length, Pointer = (nint)room };
            case ValueTag.IntegerList or ValueTag.Text:
                return new NativeValue { Tag = _tag, Size = _bits, Pointer = _pointer };
            default:
                return new NativeValue { Tag = _tag, Integer = _bits };
        }
    }

    internal void KeepAlive() => GC.KeepAlive(_object);
}
