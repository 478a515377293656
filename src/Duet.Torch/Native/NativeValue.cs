// One argument or result of an operator as it crosses the door; mirrors duet::Value in native/torch/door.cpp.
using System.Runtime.InteropServices;

namespace Duet.Torch.Native;

[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct NativeValue
{
    [FieldOffset(0)]
    internal ValueTag Tag;

    [FieldOffset(8)]
    internal long Size;

    [FieldOffset(16)]
    internal long Integer;

    [FieldOffset(16)]
    internal double Real;

    [FieldOffset(16)]
    internal nint Pointer;
}
