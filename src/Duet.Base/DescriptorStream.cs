// Writes to an open descriptor with the system's own call.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Duet;

/// <summary>
/// A stream to a pipe, a device or a standard stream. .NET's console streams keep silent about a reader that has gone, and its file streams
/// leave the offset that a shell shares with its commands where it was.
/// </summary>
/// <param name="handle">The descriptor.</param>
/// <param name="bestEffort">Whether what cannot be written is left out instead of reported.</param>
internal sealed partial class DescriptorStream(SafeFileHandle handle, bool bestEffort = false) : Stream
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;

    // From <poll.h>.
    private const short ReadyToWrite = 4;
    private const int Forever = -1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = (int)Write(handle, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                // A pipe that somebody else has set to never wait.
                var waiting = new PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Events = ReadyToWrite };
                _ = Poll(ref waiting, 1, Forever);
            }
            else if (error != Interrupted)
            {
                if (bestEffort)
                {
                    return;
                }

                throw error == BrokenPipe
                    ? new OutputClosedException()
                    : new IOException($"The output cannot be written: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        handle.Dispose();
        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
