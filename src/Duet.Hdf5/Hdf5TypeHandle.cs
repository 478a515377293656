// Owns the identifier of a data type.
namespace Duet.Hdf5;

internal sealed class Hdf5TypeHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseType(handle) >= 0;
}
