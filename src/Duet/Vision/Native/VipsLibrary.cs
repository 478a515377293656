// Finds libduet_vips: where DUET_NATIVE says, beside the program, or in the build folder of a source tree.
using System.Reflection;
using System.Runtime.InteropServices;
using Duet.Torch;

namespace Duet.Vision.Native;

internal static class VipsLibrary
{
    public const string Name = "duet_vips";

    private static readonly string FileName = OperatingSystem.IsWindows() ? Name + ".dll"
        : OperatingSystem.IsMacOS() ? $"lib{Name}.dylib" : $"lib{Name}.so";

    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        if (!string.Equals(name, Name, StringComparison.Ordinal))
        {
            return 0;
        }

        var tried = Candidates(assembly).ToList();
        foreach (var path in tried.Where(File.Exists))
        {
            // libvips brings libgomp, which libtorch computes with.
            ThreadWaiting.Shorten();
            return NativeLibrary.Load(path);
        }

        throw new DllNotFoundException(
            $"{FileName} was not found. Build it (cmake -S native -B native/build && cmake --build native/build) or set DUET_NATIVE "
            + $"to its folder. Looked at: {string.Join(", ", tried.Take(3))}, ...");
    }

    private static IEnumerable<string> Candidates(Assembly assembly)
    {
        if (Environment.GetEnvironmentVariable("DUET_NATIVE") is { Length: > 0 } folder)
        {
            yield return Path.Combine(folder, FileName);
            yield return Path.Combine(folder, "vips", FileName);
        }

        if (Path.GetDirectoryName(assembly.Location) is { Length: > 0 } beside)
        {
            yield return Path.Combine(beside, FileName);
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, FileName);
            yield return Path.Combine(at.FullName, "native", "build", FileName);
            yield return Path.Combine(at.FullName, "native", "build", "vips", FileName);
        }
    }
}
