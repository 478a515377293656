// One tensor as a header describes it.
namespace Duet.Torch.Safetensors;

/// <summary>One tensor of a file: name, element type, shape, and where its bytes lie.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, SafetensorsType type, long[] shape, long offset, long length)
    {
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
