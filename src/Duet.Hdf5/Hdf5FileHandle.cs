// Owns the identifier of an opened file.
namespace Duet.Hdf5;

internal sealed class Hdf5FileHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseFile(handle) >= 0;
}
