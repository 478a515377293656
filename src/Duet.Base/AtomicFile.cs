// Files that are either whole or not there: written beside their place, flushed to the disk, then renamed.
using System.Runtime.InteropServices;

namespace Duet;

/// <summary>Replaces files in one step, so that a crash or a full disk leaves the old file as it was.</summary>
public static partial class AtomicFile
{
    /// <summary>
    /// Writes a file through a temporary one in the same folder: write, flush to the disk, rename, flush the folder. A link stays, and what
    /// it leads to is written. What is no regular file (a pipe, a device, <c>/dev/stdout</c>) is never replaced: it is written straight
    /// through.
    /// </summary>
    /// <param name="path">The file; an older one is replaced. Its folder must exist.</param>
    /// <param name="write">Writes the content; what it throws reaches the caller, and the old file stays.</param>
    /// <exception cref="OutputClosedException">The reader of a pipe has closed it.</exception>
    /// <exception cref="IOException">Writing failed, for instance because the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        if (DirectOutput.Is(path))
        {
            using var direct = new BufferedStream(DirectOutput.Open(path), 1 << 16);
            write(direct);
            return;
        }

        var target = DirectOutput.Follow(path);
        var temporary = $"{target}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            KeepMode(target, temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(target)!);
    }

    // Who may read a file does not change because its content does.
    private static void KeepMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Makes renames inside a folder survive a power cut; does nothing on Windows, which has no such call.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{folder}: cannot be opened for flushing (error {Marshal.GetLastPInvokeError()}).");
        }

        var status = FSync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);

        // EINVAL: some file systems (network, FUSE) cannot flush a folder; they give no promise that could be kept here.
        const int InvalidArgument = 22;
        if (status != 0 && error != InvalidArgument)
        {
            throw new IOException($"{folder}: flushing failed (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
