// How long computing threads wait busily for their next operator.
using System.Runtime.InteropServices;

namespace Duet.Torch;

/// <summary>
/// Between two operators the threads of libgomp wait busily, by default for so long that on a machine with anything else to do (loader
/// threads, another process) they keep the cores from those who have work: a small model was seen to train ten times slower. Where they hardly wait,
/// every operator has to wake them: on an idle machine the same model then trained at 0.6 of its rate.
/// libgomp reads its setting once, when the first library that needs it is loaded: libtorch, or libvips.
/// </summary>
public static partial class ThreadWaiting
{
    // Some tens of microseconds, the usual pause between two operators of a small model. Measured on two cores, products/s of CLIP's preset tiny,
    // alone and beside two busy processes: 200 spins 545 and 135; 3,000 spins 919 and 361; 30,000 spins 961 and 77; libgomp's 300,000 spins 906 and 28.
    private const string Spins = "3000";

    /// <summary>Makes the wait short. Call it before the first native library is loaded; whoever set GOMP_SPINCOUNT or OMP_WAIT_POLICY keeps his choice.</summary>
    public static void Shorten()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", Spins, overwrite: 0);
        }
    }

    // Environment.SetEnvironmentVariable does not reach native code.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
