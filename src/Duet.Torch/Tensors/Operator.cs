// An operator of libtorch's dispatcher: found by name, called with any arguments.
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>
/// One operator of libtorch, for instance <c>aten::softmax.int</c>. Finding one costs a hash look-up, so keep it in a static field;
/// a call costs about a microsecond. Autograd, autocast and every device behave as in libtorch itself.
/// </summary>
public sealed unsafe class Operator
{
    private const int MostResults = 8;
    private readonly string _name;
    private readonly string _overload;
    private nint _handle;

    /// <summary>Names an operator; it is looked up at its first call.</summary>
    /// <param name="name">The qualified name, <c>aten::softmax</c>.</param>
    /// <param name="overload">The overload, <c>int</c>; empty for the unnamed one.</param>
    public Operator(string name, string overload = "") => (_name, _overload) = (name, overload);

    /// <summary>Whether the libtorch at hand has this operator.</summary>
    public bool Exists => _handle != 0 || NativeMethods.duet_operator_find(_name, _overload, out _) == 0;

    /// <summary>Calls the operator for its only tensor result.</summary>
    /// <exception cref="TorchException">The operator does not exist, refused its arguments, or gave something else.</exception>
    public Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        var count = Invoke(arguments, &result, 1);
        return count == 1 && result.Tag == ValueTag.Tensor
            ? Tensor.Own(result.Pointer)
            : throw new TorchException($"{this} does not give one tensor");
    }

    /// <summary>Calls the operator for its effect and drops what it returns.</summary>
    /// <exception cref="TorchException">The operator does not exist or refused its arguments.</exception>
    public void Run(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        var count = Invoke(arguments, results, MostResults);
        for (var k = 0; k < count; k++)
        {
            Release(results[k]);
        }
    }

    /// <summary>Calls the operator for all its tensor results; a list result is flattened, an undefined tensor is null.</summary>
    /// <exception cref="TorchException">The operator does not exist, refused its arguments, or gave something else.</exception>
    public Tensor?[] CallMany(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        var count = Invoke(arguments, results, MostResults);
        var tensors = new List<Tensor?>(count);
        for (var k = 0; k < count; k++)
        {
            switch (results[k].Tag)
            {
                case ValueTag.Tensor:
                    tensors.Add(results[k].Pointer == 0 ? null : Tensor.Own(results[k].Pointer));
                    break;
                case ValueTag.TensorList:
                    var list = (nint*)results[k].Pointer;
                    for (var i = 0; i < results[k].Size; i++)
                    {
                        tensors.Add(list[i] == 0 ? null : Tensor.Own(list[i]));
                    }

                    NativeMethods.duet_free(results[k].Pointer);
                    break;
                default:
                    throw new TorchException($"{this} gives a {results[k].Tag}, not tensors");
            }
        }

        return [.. tensors];
    }

    /// <inheritdoc/>
    public override string ToString() => _overload.Length == 0 ? _name : $"{_name}.{_overload}";

    private static void Release(NativeValue value)
    {
        if (value.Tag == ValueTag.Tensor)
        {
            NativeMethods.duet_tensor_free(value.Pointer);
        }
        else if (value.Tag == ValueTag.TensorList)
        {
            for (var k = 0; k < value.Size; k++)
            {
                NativeMethods.duet_tensor_free(((nint*)value.Pointer)[k]);
            }

            NativeMethods.duet_free(value.Pointer);
        }
    }

    private int Invoke(ReadOnlySpan<Value> arguments, NativeValue* results, int capacity)
    {
        if (_handle == 0)
        {
            NativeMethods.Check(NativeMethods.duet_operator_find(_name, _overload, out var found));
            _handle = found;
        }

        var listed = 0;
        foreach (ref readonly var argument in arguments)
        {
            listed += argument.ListLength;
        }

        if (listed <= 256)
        {
            var room = stackalloc nint[listed];
            return Invoke(arguments, results, capacity, room);
        }

        fixed (nint* room = new nint[listed])
        {
            return Invoke(arguments, results, capacity, room);
        }
    }

    private int Invoke(ReadOnlySpan<Value> arguments, NativeValue* results, int capacity, nint* room)
    {
        var native = stackalloc NativeValue[arguments.Length];
        for (var k = 0; k < arguments.Length; k++)
        {
            native[k] = arguments[k].ToNative(room);
            room += arguments[k].ListLength;
        }

        int produced;
        var status = NativeMethods.duet_operator_call(_handle, native, arguments.Length, results, capacity, &produced);
        foreach (ref readonly var argument in arguments)
        {
            argument.KeepAlive();
        }

        NativeMethods.Check(status);
        return produced;
    }
}
