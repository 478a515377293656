// How libhdf5 is installed on this system.
namespace Duet.Hdf5;

/// <summary>The way to libhdf5, in words.</summary>
internal static class InstallAdvice
{
    private const string Description = "/etc/os-release";

    // Debian and Ubuntu number the library's package by release (libhdf5-103-1, libhdf5-310); the tools bring the right one.
    private static readonly (string Family, string Command)[] Linux =
    [
        ("debian", "apt-get install hdf5-tools"),
        ("ubuntu", "apt-get install hdf5-tools"),
        ("fedora", "dnf install hdf5"),
        ("rhel", "dnf install hdf5"),
        ("arch", "pacman -S hdf5"),
        ("alpine", "apk add hdf5"),
    ];

    /// <summary>What to do here, as a part of a sentence.</summary>
    public static string ForThisSystem() =>
        OperatingSystem.IsWindows() ? With("conda install -c conda-forge hdf5")
        : OperatingSystem.IsMacOS() ? With("brew install hdf5")
        : ForLinux(File.Exists(Description) ? File.ReadAllLines(Description) : []);

    /// <summary>What to do on Linux.</summary>
    /// <param name="description">The lines of /etc/os-release.</param>
    public static string ForLinux(IEnumerable<string> description)
    {
        var families = description
            .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\'').Split(' '))
            .ToHashSet(StringComparer.Ordinal);
        return Linux.FirstOrDefault(known => families.Contains(known.Family)).Command is { } command
            ? With(command)
            : "install the package of this system that holds libhdf5.so, often called hdf5";
    }

    private static string With(string command) => $"install it with `{command}`";
}
