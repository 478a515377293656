// What native libraries read from the environment, set before they are loaded.
using System.Runtime.InteropServices;

namespace Duet.Torch.Loading;

/// <summary>Settings that libgomp and libtorch take from environment variables alone. Whoever set one of them keeps his choice.</summary>
internal static partial class NativeSettings
{
    // Between two operators the threads of libgomp wait busily, by default for so long that on a machine with anything else to do (loader
    // threads, another process) they keep the cores from those who have work: a small model was seen to train ten times slower. Where they
    // hardly wait, every operator has to wake them: on an idle machine the same model then trained at 0.6 of its rate. 3,000 spins are some
    // tens of microseconds, the usual pause between two operators of a small model. Measured on two cores, products/s of CLIP's preset
    // tiny, alone and beside two busy processes: 200 spins 545 and 135; 3,000 spins 919 and 361; 30,000 spins 961 and 77; libgomp's 300,000
    // spins 906 and 28.
    private const string Spins = "3000";

    // libtorch warns on standard error at every convolution where the processor has no NNPACK, which it does not need.
    private const string ErrorsOnly = "ERROR";

    /// <summary>Sets what is not set. Call it before libtorch is loaded.</summary>
    internal static void Prefer()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            Set("GOMP_SPINCOUNT", Spins);
        }

        Set("TORCH_CPP_LOG_LEVEL", ErrorsOnly);
    }

    // Environment.SetEnvironmentVariable does not reach native code.
    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _ = SetOnWindows(name, value);
        }
        else
        {
            _ = SetElsewhere(name, value, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetElsewhere(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetOnWindows(string name, string value);
}
