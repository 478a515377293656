// Reads HDF5 files through libhdf5 in a process of its own, so that a damaged file ends that process and not the job.
using System.Text;
using Duet.Hdf5;

namespace Duet.Vision;

/// <summary>
/// An open HDF5 file. Safe for many threads; requests are answered one after the other, as libhdf5 allows no more. Soft and external links,
/// and datasets whose data lie in other files, are refused. The reading process ends with this object, or with this process.
/// </summary>
public sealed class Hdf5File : IDisposable
{
    private const int MaxDatasets = 4096;
    private const int MaxAxes = 8;
    private const int MaxTextBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Hdf5Reader _reader;
    private readonly bool _ownsReader;
    private readonly int _ticket;
    private bool _broken;

    private Hdf5File(string path, Hdf5Reader reader, bool ownsReader)
    {
        (Path, _reader, _ownsReader) = (path, reader, ownsReader);
        _ticket = reader.Open(path);
        Datasets = Ask(writer => writer.Write((byte)1), ReadDatasets);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The datasets of the root group, in the order of their names.</summary>
    public IReadOnlyList<Hdf5Dataset> Datasets { get; }

    /// <summary>Opens a file in a process of its own.</summary>
    /// <exception cref="TableException">The file is missing, no HDF5 file, or damaged.</exception>
    public static Hdf5File Open(string path)
    {
        var own = new Hdf5Reader();
        try
        {
            return Open(path, own, ownsReader: true);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file in a process that reads others after it: opening the next one closes this one.</summary>
    /// <exception cref="TableException">The file is missing, no HDF5 file, or damaged.</exception>
    internal static Hdf5File Open(string path, Hdf5Reader reader) => Open(path, reader, ownsReader: false);

    /// <summary>The dataset of a name.</summary>
    /// <exception cref="TableException">There is none.</exception>
    public Hdf5Dataset Find(string name) =>
        Datasets.FirstOrDefault(dataset => string.Equals(dataset.Name, name, StringComparison.Ordinal))
        ?? throw TableException.MissingColumn(Path, name, "a dataset", [.. Datasets.Select(dataset => dataset.Name)]);

    /// <summary>The texts of rows, one per element. Declared UTF-8, or bytes that are valid UTF-8, read as such; anything else reads as
    /// Latin-1.</summary>
    /// <param name="name">A dataset of texts.</param>
    /// <param name="start">The first row, from 0.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="TableException">The rows are damaged.</exception>
    public string[] ReadTexts(string name, long start, int count)
    {
        var most = Cells(name, count);
        return Ask(
            Rows(2, name, start, count),
            answer =>
            {
                var texts = new string[Count(answer, most)];
                for (var i = 0; i < texts.Length; i++)
                {
                    texts[i] = Decode(answer.ReadBytes(Count(answer, MaxTextBytes)));
                }

                return texts;
            }
        );
    }

    /// <summary>The numbers of rows.</summary>
    /// <inheritdoc cref="ReadTexts"/>
    public double[] ReadNumbers(string name, long start, int count)
    {
        var most = Cells(name, count);
        return Ask(
            Rows(3, name, start, count),
            answer =>
            {
                var numbers = new double[Count(answer, most)];
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = answer.ReadDouble();
                }

                return numbers;
            }
        );
    }

    /// <summary>The bytes of rows, such as the pixels <c>[count, H, W, 3]</c> of pictures.</summary>
    /// <inheritdoc cref="ReadTexts"/>
    public byte[] ReadBytes(string name, long start, int count)
    {
        var most = Cells(name, count);
        return Ask(
            Rows(4, name, start, count),
            answer =>
            {
                var bytes = new byte[Count(answer, most)];
                answer.BaseStream.ReadExactly(bytes);
                return bytes;
            }
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsReader)
        {
            _reader.Dispose();
        }
    }

    private static Hdf5File Open(string path, Hdf5Reader reader, bool ownsReader)
    {
        var full = System.IO.Path.GetFullPath(path);
        return File.Exists(full)
            ? new Hdf5File(full, reader, ownsReader)
            : throw new TableException($"The HDF5 file {full} is not there.") { File = full };
    }

    // Known before the answer comes: an answer that is read in part would be taken for that to the next request.
    private long Cells(string name, int count)
    {
        try
        {
            return checked(count * Find(name).RowLength);
        }
        catch (OverflowException e)
        {
            throw Hdf5Reader.Damaged(Path, $"the dataset '{name}' is larger than anything that can be read", e);
        }
    }

    // Latin-1 gives every byte a letter, so it is the last resort and not the first guess.
    private static string Decode(byte[] bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    private static Action<BinaryWriter> Rows(byte request, string name, long start, int count) =>
        writer =>
        {
            writer.Write(request);
            writer.Write(name);
            writer.Write((ulong)start);
            writer.Write(count);
        };

    private static int Count(BinaryReader reader, long most)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= most
            ? count
            : throw new InvalidDataException($"a length of {count} where at most {most} was expected");
    }

    private static List<Hdf5Dataset> ReadDatasets(BinaryReader reader)
    {
        var datasets = new List<Hdf5Dataset>();
        for (var left = Count(reader, MaxDatasets); left > 0; left--)
        {
            var (name, element, _, utf8) = (
                reader.ReadString(),
                (Hdf5Element)reader.ReadInt32(),
                reader.ReadUInt64(),
                reader.ReadBoolean()
            );
            var shape = new long[Count(reader, MaxAxes)];
            for (var axis = 0; axis < shape.Length; axis++)
            {
                shape[axis] = (long)Math.Min(reader.ReadUInt64(), long.MaxValue);
            }

            datasets.Add(new Hdf5Dataset(name, element, utf8, shape));
        }

        return [.. datasets.OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];
    }

    /// <summary>One request and its answer. Where the other process dies or hangs, the file is to blame and every later request fails at
    /// once.</summary>
    private T Ask<T>(Action<BinaryWriter> ask, Func<BinaryReader, T> read)
    {
        lock (_gate)
        {
            if (_broken)
            {
                throw Hdf5Reader.Damaged(Path, "reading it failed before");
            }

            try
            {
                return _reader.Ask(_ticket, Path, ask, read);
            }
            catch (TableException e) when (e.InnerException is not null)
            {
                _broken = true;
                throw;
            }
        }
    }
}
