// Places that are written to as they are, because they are no regular files: pipes, devices, the process's own streams.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Duet;

/// <summary>Finds out where an output really goes. Links are followed, so that what they lead to is written and they stay.</summary>
public static partial class DirectOutput
{
    /// <summary>The path of the process's standard output.</summary>
    public const string StandardOutput = "/dev/stdout";

    // As many as Linux follows.
    private const int MaxLinks = 40;

    // From <linux/stat.h>; the layout of statx is the same on every processor.
    private const int AtWorkingFolder = -100;
    private const uint WantsType = 1;
    private const int ModeOffset = 28;
    private const int StatxSize = 256;
    private const int TypeMask = 0xF000;
    private const int Folder = 0x4000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether a path leads to a pipe, a device or an open stream of this process, which is written straight through.</summary>
    public static bool Is(string path)
    {
        var place = Follow(path);
        return Descriptor(place) is not null || Kind(place) is not (null or RegularFile or Folder);
    }

    /// <summary>Whether a path leads to the process's standard output.</summary>
    public static bool IsStandardOutput(string path) => Descriptor(Follow(path)) == 1;

    /// <summary>The place that a path leads to, through all links; it need not be there.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Follow(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var links = 0;
        return Follow(Path.GetFullPath(path), path, ref links);
    }

    /// <summary>A stream over an open descriptor of this process, for instance 1, its standard output. The descriptor stays open.</summary>
    /// <param name="descriptor">Its number.</param>
    /// <param name="bestEffort">Whether what cannot be written is left out: nobody's work ends because its progress cannot be
    /// shown.</param>
    public static Stream OpenDescriptor(int descriptor, bool bestEffort = false) =>
        new DescriptorStream(new SafeFileHandle(descriptor, ownsHandle: false), bestEffort);

    /// <summary>Opens such a place for writing. A named pipe waits for its reader.</summary>
    /// <param name="path">What <see cref="Is"/> is true for.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static Stream Open(string path)
    {
        var place = Follow(path);
        return Descriptor(place) is { } descriptor
            ? OpenDescriptor(descriptor)
            : new DescriptorStream(File.OpenHandle(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
    }

    // Folders first: a link's target counts from where the link really lies.
    private static string Follow(string full, string named, ref int links)
    {
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        var place = Path.Combine(Follow(folder, named, ref links), Path.GetFileName(full));

        // The links in /proc/N/fd name what is open there and lead nowhere.
        if (place.StartsWith("/proc/", StringComparison.Ordinal) && place.Contains("/fd/", StringComparison.Ordinal))
        {
            return place;
        }

        if (new FileInfo(place).LinkTarget is not { } target)
        {
            return place;
        }

        return ++links > MaxLinks
            ? throw new IOException($"{named} is a symbolic link that leads in a circle.")
            : Follow(Path.GetFullPath(target, Path.GetDirectoryName(place)!), named, ref links);
    }

    private static int? Descriptor(string place) =>
        OwnDescriptor().Match(place) is { Success: true } match
        && int.TryParse(match.Groups["process"].ValueSpan, CultureInfo.InvariantCulture, out var process)
        && process == Environment.ProcessId
        && int.TryParse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // The kind of file; null where there is none, or where the system does not say.
    private static int? Kind(string place)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = new byte[StatxSize];
        return Statx(AtWorkingFolder, place, 0, WantsType, status) == 0 ? BitConverter.ToUInt16(status, ModeOffset) & TypeMask : null;
    }

    [GeneratedRegex(
        "^/proc/(?<process>[0-9]+)/fd/(?<number>[0-9]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OwnDescriptor();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
