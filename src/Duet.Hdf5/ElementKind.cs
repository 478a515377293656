// What the elements of a dataset are, as far as reading tables goes. The numbers travel between the processes.
namespace Duet.Hdf5;

internal enum ElementKind
{
    Other = 0,
    FixedString = 1,
    VariableString = 2,
    UnsignedByte = 3,
    Integer = 4,
    Float = 5,
}
