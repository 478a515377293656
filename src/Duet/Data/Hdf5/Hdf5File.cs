// Reads HDF5 files through libhdf5 in a process of its own, so that a damaged file ends that process and not the job.
using System.Diagnostics;
using System.Text;
using Duet.Hdf5;

namespace Duet.Data;

/// <summary>
/// An open HDF5 file. Safe for many threads; requests are answered one after the other, as libhdf5 allows no more. Soft and external links, and
/// datasets whose data lie in other files, are refused. The reading process ends with this object, or with this process.
/// </summary>
public sealed class Hdf5File : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int MostDatasets = 4096;
    private const int MostAxes = 8;
    private const int MostTextBytes = 1 << 20;

    private readonly Lock gate = new();
    private readonly Process process;
    private readonly BinaryReader answers;
    private readonly BinaryWriter requests;
    private bool broken;

    private Hdf5File(string path, Process process)
    {
        (Path, this.process) = (path, process);
        answers = new BinaryReader(new BufferedStream(process.StandardOutput.BaseStream, 1 << 16));
        requests = new BinaryWriter(new BufferedStream(process.StandardInput.BaseStream, 1 << 12));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The datasets of the root group, in the order of their names.</summary>
    public IReadOnlyList<Hdf5Dataset> Datasets { get; private set; } = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="TableException">The file is missing, no HDF5 file, or damaged.</exception>
    public static Hdf5File Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new TableException($"The HDF5 file {full} is not there.") { File = full };
        }

        var file = new Hdf5File(full, Start(full));
        try
        {
            file.Ask(_ => { }, _ => true);
            file.Datasets = file.Ask(writer => writer.Write((byte)1), file.ReadDatasets);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The dataset of a name.</summary>
    /// <exception cref="TableException">There is none.</exception>
    public Hdf5Dataset Find(string name) => Datasets.FirstOrDefault(dataset => string.Equals(dataset.Name, name, StringComparison.Ordinal))
        ?? throw TableException.MissingColumn(Path, name, "a dataset", [.. Datasets.Select(dataset => dataset.Name)]);

    /// <summary>The texts of rows, one per element. Declared UTF-8, or bytes that are valid UTF-8, read as such; anything else reads as Latin-1.</summary>
    /// <param name="name">A dataset of texts.</param>
    /// <param name="start">The first row, from 0.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="TableException">The rows are damaged.</exception>
    public string[] ReadTexts(string name, long start, int count) => Ask(Rows(2, name, start, count), reader =>
    {
        var texts = new string[Count(reader, (long)count * Find(name).RowLength)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Decode(reader.ReadBytes(Count(reader, MostTextBytes)));
        }

        return texts;
    });

    /// <summary>The numbers of rows.</summary>
    /// <inheritdoc cref="ReadTexts"/>
    public double[] ReadNumbers(string name, long start, int count) => Ask(Rows(3, name, start, count), reader =>
    {
        var numbers = new double[Count(reader, (long)count * Find(name).RowLength)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.ReadDouble();
        }

        return numbers;
    });

    /// <summary>The bytes of rows, such as the pixels <c>[count, H, W, 3]</c> of pictures.</summary>
    /// <inheritdoc cref="ReadTexts"/>
    public byte[] ReadBytes(string name, long start, int count) => Ask(Rows(4, name, start, count), reader =>
    {
        var bytes = new byte[Count(reader, (long)count * Find(name).RowLength)];
        reader.BaseStream.ReadExactly(bytes);
        return bytes;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (!broken)
            {
                Abandon();
            }

            process.Dispose();
        }
    }

    private static Process Start(string path)
    {
        // The folder of the running framework is DOTNET/shared/Microsoft.NETCore.App/VERSION.
        var framework = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/', '\\');
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(framework, "..", "..", ".."));
        var host = System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "Duet.Hdf5.dll");
        if (!File.Exists(program))
        {
            throw new TableException($"{program} is missing: it reads HDF5 files. Build the whole solution.") { File = path };
        }

        var start = new ProcessStartInfo(File.Exists(host) ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { program, path },
        };

        // Locks are for writers, and fail on read-only network folders.
        start.Environment["HDF5_USE_FILE_LOCKING"] = "FALSE";
        start.Environment["HDF5_PLUGIN_PATH"] = string.Empty;
        return Process.Start(start) ?? throw new TableException($"{start.FileName} could not be started to read {path}.") { File = path };
    }

    // Latin-1 gives every byte a letter, so it is the last resort and not the first guess.
    private static string Decode(byte[] bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    private static Action<BinaryWriter> Rows(byte request, string name, long start, int count) => writer =>
    {
        writer.Write(request);
        writer.Write(name);
        writer.Write((ulong)start);
        writer.Write(count);
    };

    private static int Count(BinaryReader reader, long most)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= most ? count : throw new InvalidDataException($"a length of {count} where at most {most} was expected");
    }

    private List<Hdf5Dataset> ReadDatasets(BinaryReader reader)
    {
        var datasets = new List<Hdf5Dataset>();
        for (var left = Count(reader, MostDatasets); left > 0; left--)
        {
            var (name, element, _, utf8) = (reader.ReadString(), (Hdf5Element)reader.ReadInt32(), reader.ReadUInt64(), reader.ReadBoolean());
            var shape = new long[Count(reader, MostAxes)];
            for (var axis = 0; axis < shape.Length; axis++)
            {
                shape[axis] = (long)Math.Min(reader.ReadUInt64(), long.MaxValue);
            }

            datasets.Add(new Hdf5Dataset(name, element, utf8, shape));
        }

        return [.. datasets.OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];
    }

    /// <summary>One request and its answer. Where the other process dies or hangs, the file is to blame and every later request fails at once.</summary>
    private T Ask<T>(Action<BinaryWriter> ask, Func<BinaryReader, T> read)
    {
        lock (gate)
        {
            if (broken)
            {
                throw Damaged("reading it failed before", null);
            }

            // Killing the process ends a read that would never return.
            using var watch = new Timer(_ => Stop(), null, Patience, Timeout.InfiniteTimeSpan);
            try
            {
                ask(requests);
                requests.Flush();
                return answers.ReadByte() == 0 ? read(answers) : throw Damaged(answers.ReadString(), null);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or OverflowException or FormatException or ObjectDisposedException)
            {
                Abandon();
                throw Damaged("libhdf5 crashed or hung while reading it", e);
            }
        }
    }

    private TableException Damaged(string why, Exception? cause) =>
        new($"The HDF5 file {Path} cannot be read: {why}. Download or copy it again, and compare its size or check sum.", cause) { File = Path };

    private void Abandon()
    {
        broken = true;
        Stop();
    }

    private void Stop()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
            broken = true;
        }
    }
}
