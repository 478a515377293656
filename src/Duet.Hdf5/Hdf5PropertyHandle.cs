// Owns the identifier of a list of properties.
namespace Duet.Hdf5;

internal sealed class Hdf5PropertyHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseProperties(handle) >= 0;
}
