// Keeps a second training out of a run folder.
using Duet.Runs;

namespace Duet.Training;

/// <summary>The right to train in a run folder. The operating system takes it back when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the folder.</summary>
    /// <param name="folder">A run folder that is there.</param>
    /// <exception cref="RunException">Another training has it.</exception>
    public static RunLock Take(RunFolder folder)
    {
        var path = Path.Combine(folder.Path, ".training");
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e)
        {
            throw new RunException(
                $"{folder.Path} is being trained in by another process, or cannot be written to ({e.Message}). Wait for it, stop it, "
                    + $"or name another --output.",
                e
            );
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _file.Dispose();
}
