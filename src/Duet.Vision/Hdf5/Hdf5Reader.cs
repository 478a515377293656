// The process that reads HDF5 files.
using System.ComponentModel;
using System.Diagnostics;

namespace Duet.Vision;

/// <summary>
/// A process that calls libhdf5, for one file after the other: it is started when the first file is opened, and started again where a
/// damaged file crashed it or made it hang. Safe for many threads.
/// </summary>
/// <param name="patience">How long an answer may take until the file counts as damaged; two minutes where null.</param>
internal sealed class Hdf5Reader(TimeSpan? patience = null) : IDisposable
{
    private const byte OpenRequest = 5;
    private const byte NoLibrary = 2;

    private readonly Lock _gate = new();
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(2);
    private Connection? _connection;
    private int _opened;

    /// <summary>Processes started so far.</summary>
    public int Starts { get; private set; }

    /// <summary>The process's number; null while there is none.</summary>
    public int? ProcessId => _connection?.Process.Id;

    /// <summary>Opens a file in place of the one before.</summary>
    /// <returns>A ticket for <see cref="Ask"/>, until the next file is opened.</returns>
    /// <exception cref="TableException">The file is not an HDF5 file, or is damaged.</exception>
    public int Open(string path)
    {
        lock (_gate)
        {
            var isFresh = _connection is null;
            try
            {
                Exchange(path, Request, _ => true);
            }
            catch (TableException e) when (!isFresh && e.InnerException is not null)
            {
                // The file before may be to blame: only a process that has read nothing else can decide.
                Exchange(path, Request, _ => true);
            }

            return ++_opened;
        }

        void Request(BinaryWriter writer)
        {
            writer.Write(OpenRequest);
            writer.Write(path);
        }
    }

    /// <summary>One request about an open file and its answer.</summary>
    /// <param name="ticket">What <see cref="Open"/> gave.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="ask">Writes the request.</param>
    /// <param name="read">Reads the answer.</param>
    /// <exception cref="TableException">The request was refused, or (with an inner exception) the process crashed or hung.</exception>
    /// <exception cref="InvalidOperationException">Another file was opened since.</exception>
    public T Ask<T>(int ticket, string path, Action<BinaryWriter> ask, Func<BinaryReader, T> read)
    {
        lock (_gate)
        {
            return ticket == _opened
                ? Exchange(path, ask, read)
                : throw new InvalidOperationException($"{path} was closed when its reader opened another file.");
        }
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Abandon();
        }
    }

    /// <summary>The error for a file that cannot be read.</summary>
    public static TableException Damaged(string path, string why, Exception? cause = null) =>
        new($"The HDF5 file {path} cannot be read: {why}. Download or copy it again, and compare its size or check sum.", cause)
        {
            File = path,
        };

    private T Exchange<T>(string path, Action<BinaryWriter> ask, Func<BinaryReader, T> read)
    {
        var isNew = _connection is null;
        var current = _connection ??= Connect(path);

        // Killing the process ends a read that would never return.
        using var watch = new Timer(_ => Stop(current.Process), null, _patience, Timeout.InfiniteTimeSpan);
        try
        {
            if (isNew && current.Answers.ReadByte() is not 0 and var refusal)
            {
                var why = current.Answers.ReadString();
                Abandon();
                throw refusal == NoLibrary
                    ? new TableException($"The HDF5 file {path} cannot be read: {why}.") { File = path }
                    : Damaged(path, why);
            }

            ask(current.Requests);
            current.Requests.Flush();
            return current.Answers.ReadByte() == 0 ? read(current.Answers) : throw Damaged(path, current.Answers.ReadString());
        }
        catch (Exception e)
            when (e is IOException or InvalidDataException or OverflowException or FormatException or ObjectDisposedException)
        {
            Abandon();
            throw Damaged(path, "libhdf5 crashed or hung while reading it", e);
        }
    }

    private Connection Connect(string path)
    {
        // The folder of the running framework is DOTNET/shared/Microsoft.NETCore.App/VERSION.
        var framework = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/', '\\');
        var root = Path.GetFullPath(Path.Combine(framework, "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var program = Path.Combine(AppContext.BaseDirectory, "Duet.Hdf5.dll");
        if (!File.Exists(program))
        {
            throw new TableException(
                $"{program} is missing: it reads HDF5 files, and belongs beside this program. Build or publish it again."
            )
            {
                File = path,
            };
        }

        var start = new ProcessStartInfo(File.Exists(host) ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { program },
        };

        // Locks are for writers, and fail on read-only network folders.
        start.Environment["HDF5_USE_FILE_LOCKING"] = "FALSE";
        start.Environment["HDF5_PLUGIN_PATH"] = string.Empty;
        var process = Start(start, path);
        Starts++;
        return new Connection(
            process,
            new BinaryReader(new BufferedStream(process.StandardOutput.BaseStream, 1 << 16)),
            new BinaryWriter(new BufferedStream(process.StandardInput.BaseStream, 1 << 12))
        );
    }

    // A self-contained program has a runtime for itself, which nothing else can be started with.
    private static Process Start(ProcessStartInfo start, string path)
    {
        const string remedy =
            "HDF5 files are read by a separate process, for which the .NET runtime has to be installed: https://dot.net/download";
        try
        {
            return Process.Start(start)
                ?? throw new TableException($"{start.FileName} could not be started to read {path}. {remedy}") { File = path };
        }
        catch (Win32Exception e)
        {
            throw new TableException($"{path} cannot be read: `{start.FileName}` could not be started. {remedy}", e) { File = path };
        }
    }

    private void Abandon()
    {
        if (_connection is { Process: var process })
        {
            _connection = null;
            Stop(process);
            process.Dispose();
        }
    }

    private static void Stop(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended, or was given up, meanwhile: either is what was wanted.
            return;
        }
    }

    private sealed record Connection(Process Process, BinaryReader Answers, BinaryWriter Requests);
}
