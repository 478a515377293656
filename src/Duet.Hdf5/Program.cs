// Reads HDF5 files for another process, one after the other: `dotnet Duet.Hdf5.dll`, requests on standard input, answers on standard
// output. Before any request it writes one byte: 0 ready, 1 cannot start, 2 there is no libhdf5; the latter two with a message.
// libhdf5 can crash on damaged files (about one in fifty with random bytes changed); here the crash ends this process only.
using System.Runtime.InteropServices;
using Duet.Hdf5;

const int DataSegment = 2;
const int CoreFile = 4;
const int StandardError = 2;
const ulong MaxMemory = 4UL << 30;

// Ctrl-C reaches every process of a terminal. This one ends when there are no more requests: its requests end.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
using var answers = new BinaryWriter(new BufferedStream(Console.OpenStandardOutput(), 1 << 16));
using var requests = new BinaryReader(Console.OpenStandardInput());
try
{
    if (OperatingSystem.IsLinux())
    {
        // A damaged file may ask for any amount of memory, and a crash on purpose needs no core file.
        var memory = new ResourceLimit { Current = MaxMemory, Most = MaxMemory };
        var core = default(ResourceLimit);
        _ = Native.SetLimit(DataSegment, ref memory);
        _ = Native.SetLimit(CoreFile, ref core);

        // What a crashing runtime says is better explained by the process that asked.
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        _ = Native.Duplicate(nowhere, StandardError);
    }

    if (Hdf5Library.Handle == 0)
    {
        answers.Write((byte)2);
        answers.Write(Hdf5Library.MissingMessage);
        return 1;
    }

    if (Native.Start() < 0)
    {
        throw new Hdf5Exception("libhdf5 does not start");
    }

    // No messages of its own, and no filters from files that happen to lie in a plug-in folder.
    _ = Native.SetErrorPrinter(Native.Default, 0, 0);
    _ = Native.SetPluginLoading(0);
    answers.Write((byte)0);
    answers.Flush();
    using var server = new Server(requests, answers);
    server.Run();
    return 0;
}
catch (Hdf5Exception e)
{
    answers.Write((byte)1);
    answers.Write(e.Message);
    return 1;
}
catch (IOException)
{
    // The process that asked is gone.
    return 2;
}
