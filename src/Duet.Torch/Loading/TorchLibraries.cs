// Loads TorchSharp's native library, also where the C++ library is older than the one it was built with.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Duet.Torch.Loading;

/// <summary>
/// The one place that decides which native libraries are loaded. TorchSharp finds its own; this class steps in where the system's C++
/// library is too old for it (Debian 12, Ubuntu 22.04) and loads a copy that asks for less, see <see cref="OlderStandardLibrary"/>.
/// </summary>
public static class TorchLibraries
{
    private const string TorchSharpLibrary = "LibTorchSharp";
    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>
    /// Makes sure that the loader is installed; nothing is loaded yet. It is installed as soon as anything of Duet is used; only a program
    /// that uses TorchSharp itself before that needs to call this at its start.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Prepare()
    {
        // To call any method of this assembly is to run its initializer.
    }

    // The loader has to stand before TorchSharp is first used, and whoever uses this library must not have to think of it.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        NativeSettings.Prefer();
        MemoryKeeping.Prefer();

        // TorchSharp tries to load its library once by name, which raises the event where it fails, and then calls it, which asks the
        // resolver.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (assembly, name) => Resolve(name, assembly, searchPath: null);
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The program has set a resolver of its own for TorchSharp and knows where the libraries are.
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        string.Equals(name, TorchSharpLibrary, StringComparison.Ordinal) && OperatingSystem.IsLinux() ? Loaded.Value : nint.Zero;

    private static nint Load()
    {
        var library = LoadTorchSharp();
        ReadLogLevel();
        return library;
    }

    // libtorch reads TORCH_CPP_LOG_LEVEL (see NativeSettings) only where it is asked to: Python does that, TorchSharp does not.
    private static unsafe void ReadLogLevel()
    {
        if (
            Find("libc10.so") is { } core
            && NativeLibrary.TryLoad(core, out var library)
            && NativeLibrary.TryGetExport(library, "_ZN3c1011initLoggingEv", out var function)
        )
        {
            ((delegate* unmanaged<void>)function)();
        }
    }

    private static nint LoadTorchSharp()
    {
        var path = Find($"lib{TorchSharpLibrary}.so");
        if (path is null)
        {
            return nint.Zero;
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error) when (OlderStandardLibrary.IsCauseOf(error))
        {
            foreach (var needed in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            {
                NativeLibrary.Load(
                    Find(needed)
                        ?? throw new DllNotFoundException(
                            $"{needed} is not beside {path}. Reference TorchSharp-cpu or one of its CUDA packages.",
                            error
                        )
                );
            }

            return OlderStandardLibrary.Load(path, error);
        }
    }

    // Where the host looks for the native libraries of packages; in a published program that is its own folder.
    private static string? Find(string file)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty).Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders.Append(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
