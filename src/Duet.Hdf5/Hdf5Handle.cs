// What the identifiers of libhdf5 have in common: zero and below mean that the call failed.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

internal abstract class Hdf5Handle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle <= 0;

    /// <summary>The identifier, for calls that take several kinds.</summary>
    public nint Id => handle;
}
