// The functions of libtorch's stable C interface that operators are called by.
using System.Runtime.InteropServices;

namespace Duet.Torch.Loading;

internal static unsafe partial class StableInterface
{
    private const string Library = "torch_cpu";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int aoti_torch_call_dispatcher(string name, string overload, ulong* stack);

    [LibraryImport(Library)]
    internal static partial int aoti_torch_new_tensor_handle(nint tensor, nint* handle);

    [LibraryImport(Library)]
    internal static partial int torch_new_list_reserve_size(nuint size, nint* list);

    [LibraryImport(Library)]
    internal static partial int torch_list_push_back(nint list, ulong element);

    [LibraryImport(Library)]
    internal static partial int torch_parallel_for(
        long begin,
        long end,
        long grain,
        delegate* unmanaged<long, long, void*, void> body,
        void* context
    );

    /// <summary>Throws where a function reported failure. libtorch has printed the reason to standard error; the interface does not give
    /// it.</summary>
    internal static void Check(int status, string what)
    {
        if (status != 0)
        {
            throw new TorchException($"libtorch refused {what}.");
        }
    }
}
