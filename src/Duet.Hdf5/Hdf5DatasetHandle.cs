// Owns the identifier of a dataset.
namespace Duet.Hdf5;

internal sealed class Hdf5DatasetHandle : Hdf5Handle
{
    protected override bool ReleaseHandle() => Native.CloseDataset(handle) >= 0;
}
