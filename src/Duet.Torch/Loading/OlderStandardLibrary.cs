// Lets TorchSharp's native library load with the C++ library of Debian 12 and Ubuntu 22.04.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Duet.Torch.Loading;

/// <summary>
/// TorchSharp 0.107.0 is built with GCC 13 and asks for version <c>GLIBCXX_3.4.32</c> of libstdc++ because of a single symbol,
/// <c>_ZSt21ios_base_library_initv</c>: a marker that makes newer libraries set up their streams, which older ones do by themselves. The
/// copy made here names another function without arguments or effect in its place and asks for version 3.4.30, which those systems have.
/// Only the known file is changed, only where loading fails for that reason, and only in memory.
/// </summary>
internal static partial class OlderStandardLibrary
{
    private const string KnownHash = "CF33B1B0BB6BBB9754A768FB5C5D04D9F498603BE50E73F55621A0B40EE608B8";
    private const string Wanted = "GLIBCXX_3.4.32";
    private const string Present = "GLIBCXX_3.4.30";
    private const string Oldest = "GLIBCXX_3.4";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const string Harmless = "_ZSt18uncaught_exceptionv";

    // MFD_CLOEXEC: processes that this one starts do not inherit the file.
    private const uint CloseOnExecute = 1;

    /// <summary>Whether the loader complained of the missing version.</summary>
    internal static bool IsCauseOf(DllNotFoundException error) => error.Message.Contains(Wanted, StringComparison.Ordinal);

    /// <summary>Loads the changed copy of the library at <paramref name="path"/>.</summary>
    /// <exception cref="DllNotFoundException">The file is not the known one, or the copy cannot be loaded either; the message says what
    /// helps.</exception>
    internal static nint Load(string path, DllNotFoundException cause)
    {
        var image = File.ReadAllBytes(path);
        if (!Convert.ToHexString(SHA256.HashData(image)).Equals(KnownHash, StringComparison.Ordinal))
        {
            throw Explained(cause);
        }

        Change(image);
        return NativeLibrary.TryLoad(InMemory(image), out var library) ? library : throw Explained(cause);
    }

    /// <summary>Makes the image of a 64-bit ELF library ask for the older version of the C++ library.</summary>
    internal static void Change(Span<byte> image)
    {
        var sections = Sections(image);
        var (strings, symbols, versions, needs) = (
            sections[".dynstr"],
            sections[".dynsym"],
            sections[".gnu.version"],
            sections[".gnu.version_r"]
        );
        var known = NeededVersions(image, needs.Offset, strings.Offset);
        var (wanted, present, oldest) = (known[Wanted], known[Present], known[Oldest]);
        const int symbolSize = 24;
        for (var index = 0; index < symbols.Size / symbolSize; index++)
        {
            var name = strings.Offset + (int)Read32(image, symbols.Offset + (index * symbolSize));
            if (string.Equals(Text(image, name), Marker, StringComparison.Ordinal))
            {
                Encoding.ASCII.GetBytes(Harmless + '\0').CopyTo(image[name..]);
                BinaryPrimitives.WriteUInt16LittleEndian(image[(versions.Offset + (2 * index))..], Read16(image, oldest + 6));
            }
        }

        // An entry of .gnu.version_r: hash, flags, own number, name, next. The wanted version takes the name and hash of the present one.
        image.Slice(present, 4).CopyTo(image[wanted..]);
        image.Slice(present + 8, 4).CopyTo(image[(wanted + 8)..]);
    }

    private static DllNotFoundException Explained(DllNotFoundException cause) =>
        new(
            "TorchSharp's native library needs the C++ library of GCC 13 (GLIBCXX_3.4.32): Debian 13, Ubuntu 24.04, Fedora 38 or "
                + "newer have it. "
                + $"Run on one of these, or put a newer libstdc++.so.6 on LD_LIBRARY_PATH. The loader says: {cause.Message}",
            cause
        );

    // A file that lives in memory alone: nothing is left behind, and nobody else can write to it.
    private static string InMemory(ReadOnlySpan<byte> image)
    {
        var descriptor = CreateMemoryFile("libLibTorchSharp.so", CloseOnExecute);
        if (descriptor < 0)
        {
            return string.Empty;
        }

        var path = $"/proc/self/fd/{descriptor}";
        File.WriteAllBytes(path, image);
        return path;
    }

    private static Dictionary<string, (int Offset, int Size)> Sections(ReadOnlySpan<byte> image)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]);
        var (size, count, names) = (Read16(image, 0x3A), Read16(image, 0x3C), Read16(image, 0x3E));
        var namesAt = Place(image, table + (names * size)).Offset;
        var sections = new Dictionary<string, (int Offset, int Size)>(StringComparer.Ordinal);
        for (var k = 0; k < count; k++)
        {
            var header = table + (k * size);
            sections[Text(image, namesAt + (int)Read32(image, header))] = Place(image, header);
        }

        return sections;
    }

    private static (int Offset, int Size) Place(ReadOnlySpan<byte> image, int header) =>
        (
            (int)BinaryPrimitives.ReadUInt64LittleEndian(image[(header + 0x18)..]),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(image[(header + 0x20)..])
        );

    // The position of each needed version's entry, by its name.
    private static Dictionary<string, int> NeededVersions(ReadOnlySpan<byte> image, int needs, int strings)
    {
        var entries = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int need = needs, next = 1; next != 0; need += next)
        {
            var count = Read16(image, need + 2);
            next = (int)Read32(image, need + 12);
            var entry = need + (int)Read32(image, need + 8);
            for (var k = 0; k < count; k++)
            {
                entries[Text(image, strings + (int)Read32(image, entry + 8))] = entry;
                entry += (int)Read32(image, entry + 12);
            }
        }

        return entries;
    }

    private static ushort Read16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);

    private static uint Read32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);

    private static string Text(ReadOnlySpan<byte> image, int offset)
    {
        var rest = image[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
