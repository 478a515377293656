// What the identifiers of libhdf5 have in common: zero and below mean that the call failed.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

internal abstract class Hdf5Handle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle <= 0;

    /// <summary>The identifier, for calls that take several kinds.</summary>
    public nint Id => handle;
}

internal sealed class Hdf5DatasetHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseDataset(handle) >= 0;
}

internal sealed class Hdf5FileHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseFile(handle) >= 0;
}

internal sealed class Hdf5PropertyHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseProperties(handle) >= 0;
}

internal sealed class Hdf5SpaceHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseSpace(handle) >= 0;
}

internal sealed class Hdf5TypeHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseType(handle) >= 0;
}
