// The element types of HDF5 datasets that tables are made of.
namespace Duet.Hdf5;

/// <summary>What a dataset's elements are. The numbers are those that the reading process sends.</summary>
public enum Hdf5Element
{
    /// <summary>Something that is neither text nor number, such as a compound.</summary>
    Other = 0,

    /// <summary>Text of a fixed number of bytes.</summary>
    FixedText = 1,

    /// <summary>Text of any length.</summary>
    VariableText = 2,

    /// <summary>Unsigned bytes, such as pixels.</summary>
    Bytes = 3,

    /// <summary>Whole numbers.</summary>
    Integers = 4,

    /// <summary>Floating-point numbers.</summary>
    Floats = 5,
}
