// Owns one opened libvips picture.
using System.Runtime.InteropServices;

namespace Duet.Vision.Native;

internal sealed class VipsImageHandle : SafeHandle
{
    public VipsImageHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        VipsNative.Close(handle);
        return true;
    }
}
