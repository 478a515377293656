// struct rlimit of the C library.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Current;
    public ulong Most;
}
