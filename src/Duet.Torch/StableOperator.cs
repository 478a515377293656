// An operator of libtorch that TorchSharp does not bind, through libtorch's stable C interface.
using Duet.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>
/// One operator of libtorch's dispatcher, for instance <c>aten::_fused_adamw_</c>, called through the stable C interface that libtorch
/// exports for extensions (torch/csrc/stable/c/shim.h, torch/csrc/inductor/aoti_torch/c/shim.h). Autograd and every device behave as in
/// libtorch itself. Every argument of the schema has to be given, in its order and exact type; defaults are not filled in.
/// </summary>
/// <param name="name">The qualified name, <c>aten::embedding</c>.</param>
/// <param name="overload">The overload; empty for the unnamed one.</param>
public sealed unsafe class StableOperator(string name, string overload = "")
{
    private const int MaxArguments = 24;

    /// <summary>Calls the operator for its effect; it must return nothing.</summary>
    /// <exception cref="TorchException">The operator does not exist or refused its arguments; libtorch prints its reason.</exception>
    public void Run(params ReadOnlySpan<StableValue> arguments)
    {
        var stack = stackalloc ulong[MaxArguments];
        Invoke(arguments, stack);
    }

    /// <summary>Calls the operator for its only result, a tensor, which belongs to the open scope.</summary>
    /// <exception cref="TorchException">The operator does not exist or refused its arguments; libtorch prints its reason.</exception>
    public Tensor Call(params ReadOnlySpan<StableValue> arguments)
    {
        var stack = stackalloc ulong[MaxArguments];
        Invoke(arguments, stack);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    private void Invoke(ReadOnlySpan<StableValue> arguments, ulong* stack)
    {
        if (arguments.Length > MaxArguments)
        {
            throw new ArgumentException($"An operator takes {MaxArguments} arguments at most.", nameof(arguments));
        }

        for (var k = 0; k < arguments.Length; k++)
        {
            stack[k] = arguments[k].ToStack();
        }

        StableInterface.Check(
            StableInterface.aoti_torch_call_dispatcher(name, overload, stack),
            overload.Length == 0 ? name : $"{name}.{overload}"
        );
    }
}
