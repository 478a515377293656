// A memory-mapped safetensors file: opened and validated without reading the tensors.
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.MemoryMappedFiles;

namespace Duet.Torch.Safetensors;

/// <summary>
/// One safetensors file, mapped read-only. Opening validates the whole header: size, JSON, unique names, known types, sizes that match
/// their bytes, and entries that cover the data without overlap, hole or rest.
/// The file must not be shortened by others while it is open: the operating system ends a process that reads a mapped page that is gone.
/// </summary>
public sealed class SafetensorsFile : ISafetensorsSource
{
    private readonly SafetensorsHeader _header;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly nint _data;
    private int _disposed;

    private SafetensorsFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, nint start, long fileLength)
    {
        (Path, _map, _view) = (path, map, view);
        _header = ReadHeader(path, start, fileLength, out var dataStart);
        _data = start + (nint)dataStart;
        Entries =
        [
            .. _header
                .Entries.Values.OrderBy(entry => entry.Offset)
                .ThenBy(entry => entry.Length)
                .ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Maps and validates a file.</summary>
    /// <exception cref="SafetensorsException">The file is not what the format promises; the message names the file, the entry and the
    /// fault.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static unsafe SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var length = stream.Length;
        if (length < SafetensorsHeader.PrefixLength)
        {
            throw new SafetensorsException(
                path,
                null,
                $"it has {length} bytes; a safetensors file has at least {SafetensorsHeader.PrefixLength}."
            );
        }

        var mapped = MemoryMappedFile.CreateFromFile(
            stream,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        MemoryMappedViewAccessor? window = null;
        byte* pointer = null;
        try
        {
            window = mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            window.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            return new SafetensorsFile(path, mapped, window, (nint)pointer + (nint)window.PointerOffset, length);
        }
        catch
        {
            Release(mapped, window, pointer is not null);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsEntry? entry) => _header.Entries.TryGetValue(name, out entry);

    /// <inheritdoc/>
    public nint Address(string name)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _data + (nint)this.Get(name).Offset;
    }

    /// <summary>Unmaps the file; every span and address taken from it is invalid afterwards.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Release(_map, _view, acquired: true);
        }
    }

    private static unsafe SafetensorsHeader ReadHeader(string path, nint start, long fileLength, out long dataStart)
    {
        var claimed = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>((void*)start, SafetensorsHeader.PrefixLength));
        if (claimed > SafetensorsHeader.MaximumLength)
        {
            throw new SafetensorsException(
                path,
                null,
                $"its first 8 bytes claim a header of {claimed} bytes; at most {SafetensorsHeader.MaximumLength} are allowed. It is "
                    + $"damaged or no safetensors file."
            );
        }

        var length = (int)claimed;
        dataStart = SafetensorsHeader.PrefixLength + length;
        if (dataStart > fileLength)
        {
            throw new SafetensorsException(
                path,
                null,
                $"it claims a header of {length} bytes but has only {fileLength} bytes in all: it is cut short."
            );
        }

        var json = new ReadOnlySpan<byte>((void*)(start + SafetensorsHeader.PrefixLength), length);
        return SafetensorsHeader.Parse(path, json, fileLength - dataStart);
    }

    private static void Release(MemoryMappedFile mapped, MemoryMappedViewAccessor? window, bool acquired)
    {
        if (acquired)
        {
            window!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        window?.Dispose();
        mapped.Dispose();
    }
}
