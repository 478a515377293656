// Starts libvips, which comes with the packages NetVips.Native.*, so that only the loaders that Duet needs can ever run.
using NetVips;

namespace Duet.Vision;

/// <summary>libvips as Duet needs it. Everything here holds for the whole process.</summary>
internal static class VipsLibrary
{
    private const int Major = 8;
    private const int Minor = 18;

    private static readonly Lazy<bool> Started = new(Configure);

    /// <summary>Loads and restricts libvips; only the first call does anything.</summary>
    /// <exception cref="DllNotFoundException">There is no libvips for this system, or another one than the packages'.</exception>
    public static void Start() => _ = Started.Value;

    private static bool Configure()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new DllNotFoundException(
                $"libvips, which decodes pictures, could not be loaded. It comes with Duet for Linux (glibc), Windows and macOS; for "
                    + $"another "
                    + $"system reference the package NetVips.Native.* of its name. The loader said: {ModuleInitializer.Exception?.Message}",
                ModuleInitializer.Exception
            );
        }

        // Where the package's library is missing, the loader takes the system's, whose loaders accept other files.
        if (!NetVips.NetVips.AtLeastLibvips(Major, Minor))
        {
            throw new DllNotFoundException(
                $"Pictures are decoded by libvips {Major}.{Minor} or newer from the packages NetVips.Native.*, but version "
                    + $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)} of this system was loaded. Reference the package of "
                    + $"this system's name."
            );
        }

        // Warnings about odd but readable files must not be written to the console of the program that uses the library.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug, (_, _, _) => { });
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"])
        {
            Operation.Block(loader, false);
        }

        // Callers decode many pictures in parallel, one per thread, and never the same one twice.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        return true;
    }
}
