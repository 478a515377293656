// The C functions of native/torch, one declaration each.
using System.Runtime.InteropServices;

namespace Duet.Torch.Native;

internal static unsafe partial class NativeMethods
{
    internal const string Library = "duet_torch";

    static NativeMethods() => NativeLibraryLocator.Register();

    [LibraryImport(Library)]
    internal static partial byte* duet_last_error();

    [LibraryImport(Library)]
    internal static partial byte* duet_torch_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duet_operator_find(string name, string overload, out nint result);

    [LibraryImport(Library)]
    internal static partial int duet_operator_call(nint op, NativeValue* args, int count, NativeValue* results, int capacity, int* produced);

    [LibraryImport(Library)]
    internal static partial void duet_free(nint memory);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_new(void* data, long bytes, long* sizes, int dims, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial void duet_tensor_free(nint handle);

    [LibraryImport(Library)]
    internal static partial nint duet_tensor_alias(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int duet_tensor_dtype(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long duet_tensor_numel(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int duet_tensor_dim(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int duet_tensor_contiguous(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long duet_tensor_size(nint handle, int dim);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int duet_tensor_device(nint handle);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_data(nint handle, out nint data);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_requires_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_set_requires_grad(nint handle, int value);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_grad(nint handle, out nint gradient);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_set_grad(nint handle, nint gradient);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_set_data(nint handle, nint data);

    [LibraryImport(Library)]
    internal static partial int duet_tensor_backward(nint handle, nint gradient, int retainGraph);

    [LibraryImport(Library)]
    internal static partial int duet_autograd_grad(
        nint* outputs, nint* gradOutputs, int outputCount, nint* inputs, int inputCount, int retainGraph, int createGraph, nint* results);

    [LibraryImport(Library)]
    internal static partial int duet_grad_enabled();

    [LibraryImport(Library)]
    internal static partial void duet_set_grad_enabled(int enabled);

    [LibraryImport(Library)]
    internal static partial int duet_autocast_enabled(int cuda);

    [LibraryImport(Library)]
    internal static partial void duet_autocast_set(int cuda, int enabled, int dtype);

    [LibraryImport(Library)]
    internal static partial void duet_autocast_enter();

    [LibraryImport(Library)]
    internal static partial void duet_autocast_exit();

    [LibraryImport(Library)]
    internal static partial int duet_random_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial int duet_random_get_state(int cuda, out nint state);

    [LibraryImport(Library)]
    internal static partial int duet_random_set_state(int cuda, nint state);

    [LibraryImport(Library)]
    internal static partial int duet_set_threads(int torchThreads, int blasThreads);

    [LibraryImport(Library)]
    internal static partial int duet_limit_threads(int threads);

    [LibraryImport(Library)]
    internal static partial int duet_threads();

    [LibraryImport(Library)]
    internal static partial int duet_cuda_available();

    [LibraryImport(Library)]
    internal static partial int duet_cuda_memory(out long freeBytes, out long totalBytes);

    /// <summary>Throws libtorch's own message where a native function reported failure.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new TorchException(Marshal.PtrToStringUTF8((nint)duet_last_error()) ?? "unknown native error");
        }
    }
}
