// Finds libhdf5: where DUET_HDF5 says, else among the libraries of this system.
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

/// <summary>The library libhdf5, which is not a part of Duet.</summary>
internal static class Hdf5Library
{
    /// <summary>The environment variable that names the library's file, or a folder to look for it in, in place of all others.</summary>
    public const string Variable = "DUET_HDF5";

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>The loaded library; 0 where it is missing.</summary>
    public static nint Handle => Loaded.Value;

    /// <summary>Why <see cref="Handle"/> is 0 and what to do, as a part of a sentence.</summary>
    public static string MissingMessage
    {
        get
        {
            var place = Chosen is { } chosen ? $"at the place that {Variable} names ({chosen})" : "on this system";
            return $"the library libhdf5 is not {place}; {InstallAdvice.ForThisSystem()}, or name its file in {Variable}";
        }
    }

    private static string? Chosen => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? chosen : null;

    private static nint Load()
    {
        foreach (var candidate in Chosen is { } chosen ? FilesAt(chosen) : Usual())
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
            {
                return library;
            }
        }

        return 0;
    }

    // Names for the loader's own search first, then files in folders that it may not search.
    private static IEnumerable<string> Usual() =>
        OperatingSystem.IsWindows()
            ?
            [
                "hdf5.dll",
                .. FilesIn(Path.Combine("Library", "bin"), "CONDA_PREFIX"),
                .. FilesIn(Path.Combine("installed", "x64-windows", "bin"), "VCPKG_ROOT"),
            ]
        : OperatingSystem.IsMacOS()
            ?
            [
                "libhdf5.dylib",
                .. new[] { "/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib" }.SelectMany(FilesAt),
                .. FilesIn("lib", "CONDA_PREFIX"),
            ]
        : [.. LinuxNames(), .. LinuxFolders().SelectMany(FilesAt), .. FilesIn("lib", "CONDA_PREFIX")];

    // Debian's serial build first: what others call plain libhdf5 can be one for MPI there. The numbers are those of HDF5 1.10, 1.12 and
    // 1.14.
    private static IEnumerable<string> LinuxNames() =>
        from name in (string[])["libhdf5_serial.so", "libhdf5.so"]
        from number in (string[])[".103", ".200", ".310", string.Empty]
        select name + number;

    private static IEnumerable<string> LinuxFolders()
    {
        const string Libraries = "/usr/lib";
        var triplets = Directory.Exists(Libraries) ? Directory.GetDirectories(Libraries, "*-linux-gnu*") : [];
        return
        [
            .. triplets.Select(folder => Path.Combine(folder, "hdf5", "serial")),
            .. triplets,
            "/usr/lib64",
            Libraries,
            "/usr/local/lib",
        ];
    }

    private static IEnumerable<string> FilesIn(string below, string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root ? FilesAt(Path.Combine(root, below)) : [];

    private static IEnumerable<string> FilesAt(string place)
    {
        string[] patterns =
            OperatingSystem.IsWindows() ? ["hdf5.dll"]
            : OperatingSystem.IsMacOS() ? ["libhdf5.dylib", "libhdf5.*.dylib"]
            : ["libhdf5_serial.so*", "libhdf5.so*"];
        return File.Exists(place) ? [Path.GetFullPath(place)]
            : Directory.Exists(place)
                ? patterns.SelectMany(pattern => Directory.GetFiles(Path.GetFullPath(place), pattern).Order(StringComparer.Ordinal))
            : [];
    }
}
