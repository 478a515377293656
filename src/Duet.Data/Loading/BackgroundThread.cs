// Threads that give way to the computing ones.
using System.Runtime.InteropServices;

namespace Duet.Data;

/// <summary>Starts worker threads at a lower priority than the threads that compute.</summary>
internal static partial class BackgroundThread
{
    // Ten steps of niceness: a tenth of the share of a computing thread when every core is busy.
    private const int Niceness = 10;
    private const int ProcessPriority = 0;

    public static Thread Start(string name, Action body)
    {
        var thread = new Thread(() =>
        {
            GiveWay();
            body();
        })
        {
            IsBackground = true,
            Name = name,
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return thread;
    }

    /// <summary>.NET leaves thread priorities alone on Linux, where niceness is a property of each thread.</summary>
    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            // Failing (a container may forbid it) costs speed only, so the result is not looked at.
            _ = SetPriority(ProcessPriority, 0, Niceness);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
