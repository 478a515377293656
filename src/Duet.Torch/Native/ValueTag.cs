// What a NativeValue holds; mirrors duet::Tag in native/torch/door.cpp.
namespace Duet.Torch.Native;

internal enum ValueTag
{
    None,
    Tensor,
    Integer,
    Real,
    Boolean,
    IntegerList,
    RealList,
    TensorList,
    Text,
    Device,
    Default,
}
