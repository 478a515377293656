// H5L_info_t of libhdf5 (H5L_info1_t from 1.12 on), with room to spare.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

[StructLayout(LayoutKind.Sequential)]
internal struct LinkInfo
{
    public int Kind;
    public int OrderIsValid;
    public long Order;
    public int CharacterSet;
    public long Address;
    public long Spare;
}
