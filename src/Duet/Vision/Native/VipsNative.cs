// The C functions of native/vips/duet_vips.h.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Duet.Vision.Native;

internal static unsafe partial class VipsNative
{
    public const int MessageSize = 1024;

    static VipsNative() => NativeLibrary.SetDllImportResolver(typeof(VipsNative).Assembly, VipsLibrary.Resolve);

    [LibraryImport(VipsLibrary.Name, EntryPoint = "duet_vips_open")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Open(byte* data, nuint length, int format, int minimumSide, int rotate, long maxPixels,
        out VipsInfo info, out VipsImageHandle handle, byte* message, nuint messageSize);

    [LibraryImport(VipsLibrary.Name, EntryPoint = "duet_vips_read")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Read(VipsImageHandle handle, byte* pixels, nuint size, byte* message, nuint messageSize);

    [LibraryImport(VipsLibrary.Name, EntryPoint = "duet_vips_close")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void Close(nint handle);

    [LibraryImport(VipsLibrary.Name, EntryPoint = "duet_vips_encode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Encode(byte* rgb, int width, int height, int format, int quality,
        out byte* encoded, out nuint length, byte* message, nuint messageSize);

    [LibraryImport(VipsLibrary.Name, EntryPoint = "duet_vips_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void Free(byte* encoded);

    /// <summary>libvips' message on one line.</summary>
    public static string Text(byte* message) =>
        (Marshal.PtrToStringUTF8((nint)message) ?? string.Empty).Trim().Replace("\n", "; ", StringComparison.Ordinal);
}
