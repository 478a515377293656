// One dataset of a file, read in blocks of rows.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

/// <summary>An open dataset; its first axis counts rows.</summary>
internal sealed unsafe class Dataset : IDisposable
{
    private const int MaxAxes = 8;

    // A compressed chunk is then decompressed once, not once per picture in it.
    private const int ChunkCacheBytes = 64 << 20;
    private const int ChunkCacheSlots = 1009;

    private readonly Hdf5DatasetHandle _handle;
    private readonly Hdf5SpaceHandle _space;
    private readonly Hdf5TypeHandle _type;

    private Dataset(Hdf5DatasetHandle handle, string name)
    {
        (_handle, Name, _space, _type) = (handle, name, Native.GetSpace(handle), Native.GetDatasetType(handle));
        if (_space.IsInvalid || _type.IsInvalid)
        {
            throw new Hdf5Exception($"the dataset '{name}' has no readable shape or type");
        }

        Shape = ReadShape();
        ElementBytes = Native.GetTypeSize(_type);
        Kind = ReadKind();
    }

    public string Name { get; }

    public ulong[] Shape { get; }

    public Hdf5Element Kind { get; }

    /// <summary>Bytes of one element as stored; of a variable string, those of its reference.</summary>
    public nuint ElementBytes { get; }

    public bool IsUtf8 => Kind is Hdf5Element.FixedText or Hdf5Element.VariableText && Native.GetCharacterSet(_type) == 1;

    /// <summary>Opens a dataset; <c>null</c> for what is none.</summary>
    /// <exception cref="Hdf5Exception">The dataset takes its data from other files, or is damaged.</exception>
    public static Dataset? Open(Hdf5FileHandle file, string name)
    {
        using var access = Native.CreateProperties(Native.Variable64("H5P_CLS_DATASET_ACCESS_ID_g"));
        _ = Native.SetChunkCache(access, ChunkCacheSlots, ChunkCacheBytes, 0.75);
        var opened = Native.OpenDataset(file, name, access);
        if (opened.IsInvalid)
        {
            opened.Dispose();
            return null;
        }

        try
        {
            using var creation = Native.GetCreation(opened);
            return creation.IsInvalid || Native.GetLayout(creation) == Native.VirtualLayout || Native.GetExternalCount(creation) != 0
                ? throw new Hdf5Exception($"the dataset '{name}' takes its data from other files, which is refused")
                : new Dataset(opened, name);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The text of rows as bytes, without padding and end marks.</summary>
    public List<byte[]> ReadTexts(ulong start, int count, int mostBytes)
    {
        var cells = checked((long)count * CellsPerRow());
        return Kind switch
        {
            Hdf5Element.FixedText => ReadFixed(start, count, cells, mostBytes),
            Hdf5Element.VariableText => ReadVariable(start, count, cells, mostBytes),
            _ => throw new Hdf5Exception($"the dataset '{Name}' holds {Kind}, not text"),
        };
    }

    /// <summary>The numbers of rows.</summary>
    public double[] ReadNumbers(ulong start, int count, long mostBytes)
    {
        Require(Kind is Hdf5Element.Integers or Hdf5Element.Bytes or Hdf5Element.Floats, "numbers");
        var numbers = new double[Bounded(checked(count * CellsPerRow()), sizeof(double), mostBytes)];
        fixed (double* buffer = numbers)
        {
            Read(start, count, Native.Variable64("H5T_NATIVE_DOUBLE_g"), buffer);
        }

        return numbers;
    }

    /// <summary>The bytes of rows.</summary>
    public byte[] ReadBytes(ulong start, int count, long mostBytes)
    {
        Require(Kind == Hdf5Element.Bytes, "bytes");
        var bytes = new byte[Bounded(checked(count * CellsPerRow()), 1, mostBytes)];
        fixed (byte* buffer = bytes)
        {
            Read(start, count, Native.Variable64("H5T_NATIVE_UINT8_g"), buffer);
        }

        return bytes;
    }

    public void Dispose()
    {
        _type.Dispose();
        _space.Dispose();
        _handle.Dispose();
    }

    private static int Bounded(long count, int bytesEach, long most) =>
        count * bytesEach <= most
            ? (int)count
            : throw new Hdf5Exception($"a block has {count * bytesEach} bytes, at most {most} are read at once");

    private List<byte[]> ReadFixed(ulong start, int count, long cells, int mostBytes)
    {
        if (ElementBytes == 0 || ElementBytes > (nuint)mostBytes)
        {
            throw new Hdf5Exception($"the texts of '{Name}' have {ElementBytes} bytes each, at most {mostBytes} are read");
        }

        var size = (int)ElementBytes;
        var buffer = new byte[Bounded(checked(cells * size), 1, Server.MaxBlockBytes)];
        using var memory = TextType(ElementBytes);
        fixed (byte* data = buffer)
        {
            Read(start, count, memory.Id, data);
        }

        // 2 is H5T_STR_SPACEPAD, Fortran's way.
        var padding = Native.GetPadding(_type) == 2 ? (byte)' ' : (byte)0;
        return [.. Enumerable.Range(0, (int)cells).Select(cell => Trim(buffer.AsSpan(cell * size, size), padding))];
    }

    private static byte[] Trim(ReadOnlySpan<byte> text, byte padding)
    {
        var end = text.IndexOf((byte)0);
        return (end < 0 ? text : text[..end]).TrimEnd(padding).ToArray();
    }

    private List<byte[]> ReadVariable(ulong start, int count, long cells, int mostBytes)
    {
        var pointers = new nint[Bounded(cells, nint.Size, Server.MaxBlockBytes)];
        using var memory = TextType(Native.Variable);
        var texts = new List<byte[]>(pointers.Length);
        fixed (nint* data = pointers)
        {
            using var block = Read(start, count, memory.Id, data, keepBlock: true)!;
            try
            {
                foreach (var pointer in pointers)
                {
                    var text = pointer == 0 ? [] : MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)pointer);
                    texts.Add(
                        text.Length <= mostBytes
                            ? text.ToArray()
                            : throw new Hdf5Exception($"a text of '{Name}' has {text.Length} bytes, at most {mostBytes} are read")
                    );
                }
            }
            finally
            {
                _ = Native.FreeVariable(memory.Id, block, Native.Default, data);
            }
        }

        return texts;
    }

    private Hdf5TypeHandle TextType(nuint size)
    {
        var memory = Native.CopyType(Native.Variable64("H5T_C_S1_g"));
        if (
            Native.SetTypeSize(memory, size) < 0
            || Native.SetCharacterSet(memory, Native.GetCharacterSet(_type)) < 0
            || Native.SetPadding(memory, Native.GetPadding(_type)) < 0
        )
        {
            memory.Dispose();
            throw new Hdf5Exception($"the texts of '{Name}' are of a kind that cannot be read");
        }

        return memory;
    }

    private Hdf5SpaceHandle? Read(ulong start, int count, nint memoryType, void* buffer, bool keepBlock = false)
    {
        if (count < 1 || start >= Shape[0] || (ulong)count > Shape[0] - start)
        {
            throw new Hdf5Exception($"rows {start} to {start + (ulong)count} were asked of '{Name}', which has {Shape[0]}");
        }

        ulong* from = stackalloc ulong[MaxAxes];
        ulong* sizes = stackalloc ulong[MaxAxes];
        for (var axis = 0; axis < Shape.Length; axis++)
        {
            (from[axis], sizes[axis]) = axis == 0 ? (start, (ulong)count) : (0, Shape[axis]);
        }

        var block = Native.CreateSpace(Shape.Length, sizes, null);
        if (
            block.IsInvalid
            || Native.SelectBlock(_space, 0, from, null, sizes, null) < 0
            || Native.Read(_handle, memoryType, block, _space, Native.Default, buffer) < 0
        )
        {
            block.Dispose();
            throw new Hdf5Exception($"rows {start} to {start + (ulong)count - 1} of '{Name}' are damaged and cannot be read");
        }

        if (keepBlock)
        {
            return block;
        }

        block.Dispose();
        return null;
    }

    private long CellsPerRow() => Shape.Skip(1).Aggregate(1L, (product, size) => checked(product * (long)size));

    private ulong[] ReadShape()
    {
        var rank = Native.GetRank(_space);
        if (rank is < 1 or > MaxAxes)
        {
            return [];
        }

        var shape = new ulong[rank];
        fixed (ulong* sizes = shape)
        {
            return Native.GetShape(_space, sizes, null) == rank ? shape : throw new Hdf5Exception($"the shape of '{Name}' is damaged");
        }
    }

    private Hdf5Element ReadKind() =>
        Shape.Length == 0
            ? Hdf5Element.Other
            : Native.GetTypeClass(_type) switch
            {
                Native.StringClass => Native.IsVariable(_type) > 0 ? Hdf5Element.VariableText : Hdf5Element.FixedText,
                Native.IntegerClass => ElementBytes == 1 && Native.GetTypeSign(_type) == 0 ? Hdf5Element.Bytes : Hdf5Element.Integers,
                Native.FloatClass => Hdf5Element.Floats,
                _ => Hdf5Element.Other,
            };

    private void Require(bool condition, string expected)
    {
        if (!condition)
        {
            throw new Hdf5Exception($"the dataset '{Name}' holds {Kind}, not {expected}");
        }
    }
}
