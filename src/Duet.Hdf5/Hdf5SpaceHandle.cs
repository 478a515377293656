// Owns the identifier of a data space.
namespace Duet.Hdf5;

internal sealed class Hdf5SpaceHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseSpace(handle) >= 0;
}
