// H5G_info_t of libhdf5.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

[StructLayout(LayoutKind.Sequential)]
internal struct GroupInfo
{
    public int StorageType;
    public ulong Links;
    public long LargestOrder;
    public int Mounted;
}
