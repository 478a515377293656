// Gradients.
using Duet.Torch.Native;

namespace Duet.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>Whether autograd records what is done with this tensor.</summary>
    public bool RequiresGrad
    {
        get
        {
            var requires = NativeMethods.duet_tensor_requires_grad(Handle) != 0;
            GC.KeepAlive(this);
            return requires;
        }

        set
        {
            NativeMethods.Check(NativeMethods.duet_tensor_set_requires_grad(Handle, value ? 1 : 0));
            GC.KeepAlive(this);
        }
    }

    /// <summary>The accumulated gradient, or null. Each read gives a new handle, owned by the current scope.</summary>
    public Tensor? Gradient
    {
        get
        {
            NativeMethods.Check(NativeMethods.duet_tensor_grad(Handle, out var gradient));
            GC.KeepAlive(this);
            return gradient == 0 ? null : Own(gradient);
        }

        set
        {
            NativeMethods.Check(NativeMethods.duet_tensor_set_grad(Handle, value?.Handle ?? 0));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Accumulates the gradients of this number into every leaf it depends on.</summary>
    /// <param name="gradient">The gradient of what follows; needed where this is not one number.</param>
    /// <param name="retainGraph">Whether the graph is walked again later.</param>
    public void Backward(Tensor? gradient = null, bool retainGraph = false)
    {
        NativeMethods.Check(NativeMethods.duet_tensor_backward(Handle, gradient?.Handle ?? 0, retainGraph ? 1 : 0));
        GC.KeepAlive(this);
        GC.KeepAlive(gradient);
    }

    /// <summary>The gradients of this number with respect to <paramref name="inputs"/>; null where it does not depend on one.</summary>
    public Tensor?[] GradientsOf(Tensor[] inputs, bool retainGraph = false, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var root = Handle;
        var handles = Array.ConvertAll(inputs, input => input.Handle);
        var results = new nint[inputs.Length];
        fixed (nint* leaves = handles)
        fixed (nint* found = results)
        {
            NativeMethods.Check(NativeMethods.duet_autograd_grad(
                &root, null, 1, leaves, inputs.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0, found));
        }

        GC.KeepAlive(this);
        GC.KeepAlive(inputs);
        return Array.ConvertAll(results, handle => handle == 0 ? null : Own(handle));
    }

    /// <summary>Lets this tensor hold another's data (another device or type) while it stays the same parameter.</summary>
    public void SetData(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        NativeMethods.Check(NativeMethods.duet_tensor_set_data(Handle, data.Handle));
        GC.KeepAlive(this);
        GC.KeepAlive(data);
    }
}
