// Answers requests about files, one after the other: libhdf5 is not safe for threads, and here there is only one.
using System.Text;

namespace Duet.Hdf5;

/// <summary>
/// The protocol, little-endian: a request is one byte (1 list, 2 texts, 3 numbers, 4 bytes, 5 open), for 2 to 4 followed by name, first row
/// (64 bits) and number of rows (32 bits), for 5 by a path. An answer is one byte (0 done, 1 refused with a message) and the content.
/// Opening a file closes the one before.
/// </summary>
internal sealed class Server(BinaryReader requests, BinaryWriter answers) : IDisposable
{
    /// <summary>The most bytes of one answer.</summary>
    public const int MaxBlockBytes = 256 << 20;

    private const int MaxTextBytes = 1 << 20;
    private const int MaxDatasets = 4096;
    private const int MaxNameBytes = 1024;

    private readonly Dictionary<string, Dataset> _open = new(StringComparer.Ordinal);
    private Hdf5FileHandle? _opened;

    private Hdf5FileHandle CurrentFile => _opened ?? throw new Hdf5Exception("it is not open");

    /// <summary>Answers until the requests end, or a file cannot be closed and this process is therefore of no use for another.</summary>
    public void Run()
    {
        while (requests.BaseStream.ReadByte() is >= 0 and var request)
        {
            try
            {
                if (request == 5 && !Close())
                {
                    return;
                }

                Answer(request);
            }
            catch (Exception e) when (e is Hdf5Exception or OverflowException or OutOfMemoryException)
            {
                answers.Write((byte)1);
                answers.Write(e is Hdf5Exception ? e.Message : "its sizes are beyond what can be read");
            }

            answers.Flush();
        }
    }

    public void Dispose() => Close();

    private bool Close()
    {
        foreach (var dataset in _open.Values)
        {
            dataset.Dispose();
        }

        _open.Clear();
        _opened?.Dispose();
        _opened = null;

        // What a damaged file keeps open could be taken for a part of the next one.
        return Native.CountOpen(Native.AllFiles, Native.FilesGroupsDatasets) == 0;
    }

    private void OpenFile(string path)
    {
        var file = Native.OpenFile(path, 0, Native.Default);
        if (file.IsInvalid)
        {
            file.Dispose();
            throw new Hdf5Exception("it is not an HDF5 file, or is damaged or cut off");
        }

        _opened = file;
        answers.Write((byte)0);
    }

    private void Answer(int request)
    {
        switch (request)
        {
            case 1:
                List();
                return;
            case 5:
                OpenFile(requests.ReadString());
                return;
        }

        var dataset = Find(requests.ReadString());
        var (start, count) = (requests.ReadUInt64(), requests.ReadInt32());
        switch (request)
        {
            case 2:
                var texts = dataset.ReadTexts(start, count, MaxTextBytes);
                Done(texts.Count);
                foreach (var text in texts)
                {
                    answers.Write(text.Length);
                    answers.Write(text);
                }

                break;
            case 3:
                var numbers = dataset.ReadNumbers(start, count, MaxBlockBytes);
                Done(numbers.Length);
                foreach (var number in numbers)
                {
                    answers.Write(number);
                }

                break;
            default:
                var bytes = dataset.ReadBytes(start, count, MaxBlockBytes);
                Done(bytes.Length);
                answers.Write(bytes);
                break;
        }
    }

    private void Done(int count)
    {
        answers.Write((byte)0);
        answers.Write(count);
    }

    private void List()
    {
        var found = Names().Select(Open).OfType<Dataset>().ToList();
        Done(found.Count);
        foreach (var dataset in found)
        {
            answers.Write(dataset.Name);
            answers.Write((int)dataset.Kind);
            answers.Write((ulong)dataset.ElementBytes);
            answers.Write(dataset.IsUtf8);
            answers.Write(dataset.Shape.Length);
            foreach (var size in dataset.Shape)
            {
                answers.Write(size);
            }
        }
    }

    private Dataset Find(string name) => Open(name) ?? throw new Hdf5Exception($"there is no dataset '{name}'");

    private Dataset? Open(string name)
    {
        if (!_open.TryGetValue(name, out var dataset) && IsOwn(name) && Dataset.Open(CurrentFile, name) is { } opened)
        {
            _open[name] = dataset = opened;
        }

        return dataset;
    }

    // Soft and external links may lead into other files of this machine.
    private bool IsOwn(string name)
    {
        int status;
        LinkInfo info;
        try
        {
            status = Native.GetLinkInfo(CurrentFile, name, out info, Native.Default);
        }
        catch (EntryPointNotFoundException)
        {
            status = Native.GetLinkInfo1(CurrentFile, name, out info, Native.Default);
        }

        return status >= 0 && info.Kind == Native.HardLink;
    }

    private unsafe List<string> Names()
    {
        if (Native.GetGroupInfo(CurrentFile, out var info) < 0)
        {
            throw new Hdf5Exception("its root group is damaged");
        }

        if (info.Links > MaxDatasets)
        {
            throw new Hdf5Exception($"it has {info.Links} datasets, at most {MaxDatasets} are read");
        }

        var names = new List<string>();
        var buffer = stackalloc byte[MaxNameBytes];
        for (var i = 0UL; i < info.Links; i++)
        {
            var length = Native.GetLinkName(CurrentFile, ".", 0, 0, i, buffer, MaxNameBytes, Native.Default);
            if (length is > 0 and < MaxNameBytes)
            {
                names.Add(Encoding.UTF8.GetString(buffer, (int)length));
            }
        }

        return names;
    }
}
