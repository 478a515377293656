// The C struct duet_vips_info.
using System.Runtime.InteropServices;

namespace Duet.Vision.Native;

[StructLayout(LayoutKind.Sequential)]
internal struct VipsInfo
{
    public int Width;
    public int Height;
    public int Bands;
    public int Bits;
    public int SourceWidth;
    public int SourceHeight;
}
