// Finds libduet_*.so: the folder in DUET_NATIVE, then beside the assembly, then a checkout's native/build.
using System.Reflection;
using System.Runtime.InteropServices;

namespace Duet.Torch.Native;

internal static class NativeLibraryLocator
{
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLocator).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (!string.Equals(name, NativeMethods.Library, StringComparison.Ordinal))
        {
            return nint.Zero;
        }

        var file = $"lib{name}.so";
        var tried = Candidates(file).ToList();
        var found = tried.Find(File.Exists);
        if (found is not null)
        {
            ThreadWaiting.Shorten();
            return NativeLibrary.Load(found);
        }

        throw new DllNotFoundException(
            $"{file} was not found in {string.Join(", ", tried)}. Build it with `cmake -S native -B native/build && cmake --build native/build`" +
            " (the ./duet launcher does this), or name its folder in the environment variable DUET_NATIVE.");
    }

    private static IEnumerable<string> Candidates(string file)
    {
        if (Environment.GetEnvironmentVariable("DUET_NATIVE") is { Length: > 0 } folder)
        {
            yield return Path.Combine(folder, file);
            yield break;
        }

        yield return Path.Combine(AppContext.BaseDirectory, file);
        for (var parent = new DirectoryInfo(AppContext.BaseDirectory); parent is not null; parent = parent.Parent)
        {
            var build = Path.Combine(parent.FullName, "native", "build");
            if (Directory.Exists(build))
            {
                yield return Path.Combine(build, file);
            }
        }
    }
}
