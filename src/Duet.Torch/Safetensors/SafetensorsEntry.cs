// One tensor as a header describes it.
namespace Duet.Torch.Safetensors;

/// <summary>One tensor of a file: name, element type, shape, and where its bytes lie.</summary>
public sealed class SafetensorsEntry
{
    /// <summary>Describes a tensor. Sources of other formats make these, too.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, outermost first; empty for a scalar.</param>
    /// <param name="offset">The first byte, counted from the beginning of the data.</param>
    /// <param name="length">The number of bytes: those of the type and the shape.</param>
    public SafetensorsEntry(string name, SafetensorsType type, long[] shape, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        (Name, Type, Shape, Offset, Length) = (name, type, shape, offset, length);
    }

    /// <summary>The tensor's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The sizes, outermost first; empty for a scalar. The elements are row-major and dense.</summary>
    public long[] Shape { get; }

    /// <summary>The first byte, counted from the beginning of the data after the header.</summary>
    public long Offset { get; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <summary>The number of elements.</summary>
    public long Count => Length / Type.ElementSize();

    /// <summary>Name, type and shape, as in <c>visual.proj F32 [768, 512]</c>.</summary>
    public override string ToString() => $"{Name} {Type.HeaderName()} [{string.Join(", ", Shape)}]";
}
