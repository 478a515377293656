// Reads tar shards from front to back: in their order, or shuffled through a bounded buffer.
using System.Formats.Tar;
using Duet.Vision;

namespace Duet.Data;

/// <summary>
/// Uncompressed tar shards of the WebDataset kind. Only the headers are read on the way; where each member lies is kept, and its bytes are
/// read when they are needed. So shuffling holds places, not pictures, and going on in the middle of a pass repeats headers only.
/// </summary>
public sealed class WebDatasetShards
{
    private const int Block = 512;
    private const int MaxNameBytes = 1 << 16;
    private const int MaxNameLength = 4096;
    private const int MaxMembersPerSample = 64;
    private const ulong ShardOrder = 0x73_68_61_72_64;
    private const ulong BufferOrder = 0x62_75_66_66;

    /// <summary>Finds the shards: the file, or all <c>.tar</c> files of the folder in the order of their names.</summary>
    /// <exception cref="TableException">There is none.</exception>
    public WebDatasetShards(string path)
    {
        var full = Path.GetFullPath(path);
        Shards = File.Exists(full) ? [full] : [.. FolderFiles.Of(full, "*.tar")];
        if (Shards.Count == 0)
        {
            throw new TableException(
                $"{full} has no .tar files. Compressed shards (.tar.gz) must be unpacked to .tar first: their members cannot be found "
                    + $"again."
            )
            {
                File = full,
            };
        }
    }

    /// <summary>The shards' full paths.</summary>
    public IReadOnlyList<string> Shards { get; }

    /// <summary>All samples in order.</summary>
    /// <param name="damaged">Told of a shard that is damaged and why; the samples before the damage are given, the next shard
    /// follows.</param>
    public IEnumerable<WebDatasetSample> Samples(Action<string, string> damaged) => Shards.SelectMany(shard => Samples(shard, damaged));

    /// <summary>All samples in a random order: the shards are shuffled, and their samples wait in a buffer that gives them in random
    /// order.</summary>
    /// <param name="seed">With the epoch, decides the order.</param>
    /// <param name="buffer">The most samples that wait, 1 to 10 million; 1 keeps the order within shards.</param>
    /// <param name="from">Where to go on; the first sample given is the one after it.</param>
    /// <param name="damaged">Told of a shard that is damaged and why.</param>
    public IEnumerable<(WebDatasetSample Sample, WebDatasetPosition Position)> Shuffled(
        ulong seed,
        int buffer,
        WebDatasetPosition from,
        Action<string, string> damaged
    )
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer, 10_000_000);
        return Enumerate();

        IEnumerable<(WebDatasetSample, WebDatasetPosition)> Enumerate()
        {
            var position = new WebDatasetPosition(from.Epoch, 0);
            foreach (var sample in Order(seed, buffer, from.Epoch, damaged))
            {
                position = position with { Taken = position.Taken + 1 };
                if (position.Taken > from.Taken)
                {
                    yield return (sample, position);
                }
            }
        }
    }

    private IEnumerable<WebDatasetSample> Order(ulong seed, int size, long epoch, Action<string, string> damaged)
    {
        var shards = Shards.ToArray();
        new CounterRandom(seed ^ ShardOrder, (ulong)epoch).Shuffle<string>(shards);
        var draws = new CounterRandom(seed ^ BufferOrder, (ulong)epoch);
        var waiting = new List<WebDatasetSample>();
        foreach (var sample in shards.SelectMany(shard => Samples(shard, damaged)))
        {
            if (waiting.Count < size)
            {
                waiting.Add(sample);
                continue;
            }

            var place = draws.Next(size);
            yield return waiting[place];
            waiting[place] = sample;
        }

        for (; waiting.Count > 0; waiting.RemoveAt(waiting.Count - 1))
        {
            var place = draws.Next(waiting.Count);
            yield return waiting[place];
            waiting[place] = waiting[^1];
        }
    }

    private static IEnumerable<WebDatasetSample> Samples(string shard, Action<string, string> damaged)
    {
        var (key, members) = (string.Empty, new Dictionary<string, PictureAddress>(StringComparer.Ordinal));
        foreach (var member in Members(shard, damaged))
        {
            var (name, extension) = Split(member.Part);
            if (!string.Equals(name, key, StringComparison.Ordinal))
            {
                if (members.Count > 0)
                {
                    yield return new WebDatasetSample(shard, key, members);
                }

                (key, members) = (name, new(StringComparer.Ordinal));
            }

            if (extension.Length > 0 && members.Count < MaxMembersPerSample)
            {
                members[extension] = member;
            }
        }

        if (members.Count > 0)
        {
            yield return new WebDatasetSample(shard, key, members);
        }
    }

    // "train/0001.seg.png" is the member "seg.png" of the sample "train/0001".
    private static (string Key, string Extension) Split(string member)
    {
        var file = member.LastIndexOf('/') + 1;
        var dot = member.IndexOf('.', file);
        return dot < 0 ? (member, string.Empty) : (member[..dot], member[(dot + 1)..].ToLowerInvariant());
    }

    /// <summary>The plain files of an archive; links, folders and devices are skipped.</summary>
    private static IEnumerable<PictureAddress> Members(string shard, Action<string, string> damaged)
    {
        using var stream = Open(shard);
        using var tar = new TarReader(stream, leaveOpen: true);
        var next = 0L;
        while (Next(shard, stream, tar, ref next, damaged) is { } entry)
        {
            if (
                entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile
                && entry.Name.Length <= MaxNameLength
                && !entry.Name.Contains('\0', StringComparison.Ordinal)
                && entry.DataOffset >= 0
            )
            {
                yield return PictureAddress.InTar(shard, entry.Name, entry.DataOffset, entry.Length);
            }
        }
    }

    private static FileStream Open(string shard)
    {
        try
        {
            return new FileStream(shard, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TableException($"The shard {shard} cannot be opened: {e.Message}", e) { File = shard };
        }
    }

    private static TarEntry? Next(string shard, FileStream stream, TarReader tar, ref long next, Action<string, string> damaged)
    {
        try
        {
            CheckNames(stream, next);
            var entry = tar.GetNextEntry();
            if (entry is not null)
            {
                var end = entry.Length > 0 ? entry.DataOffset + entry.Length : stream.Position;
                if (end < 0 || end > stream.Length)
                {
                    throw new InvalidDataException($"'{entry.Name}' has {entry.Length} bytes, more than the archive");
                }

                next = (end + Block - 1) / Block * Block;
            }

            return entry;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or InvalidDataException
                        or FormatException
                        or ArgumentException
                        or OverflowException
                        or NotSupportedException
                        or InvalidOperationException
            )
        {
            damaged(shard, $"the archive is damaged or cut off near byte {next}: {e.Message}");
            return null;
        }
    }

    /// <summary>Long names are in their own members, which the reader takes into memory whole: refused before it does, where they are no
    /// names.</summary>
    private static void CheckNames(FileStream stream, long next)
    {
        var position = stream.Position;
        Span<byte> header = stackalloc byte[Block];
        for (stream.Position = next; stream.Length - stream.Position >= Block; stream.Position = next)
        {
            stream.ReadExactly(header);
            if (header[156] is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K'))
            {
                break;
            }

            var size = 0L;
            foreach (var digit in header.Slice(124, 12))
            {
                if (digit is >= (byte)'0' and <= (byte)'7')
                {
                    size = (size * 8) + digit - '0';
                }
                else if (digit is not ((byte)' ' or 0))
                {
                    throw new InvalidDataException("the length of a name is not a number");
                }
            }

            if (size > MaxNameBytes)
            {
                throw new InvalidDataException($"a name has {size} bytes");
            }

            next += Block + ((size + Block - 1) / Block * Block);
        }

        stream.Position = position;
    }
}

/// <summary>A place in a shuffled pass. Order and buffer depend on seed and epoch only, so the number of samples given out says it
/// all.</summary>
/// <param name="Epoch">The pass.</param>
/// <param name="Taken">How many samples it has given out.</param>
public sealed record WebDatasetPosition(long Epoch, long Taken);

/// <summary>Members of a shard that share a name up to its first dot.</summary>
/// <param name="Shard">The shard's full path.</param>
/// <param name="Key">The shared name, with the folder in the archive.</param>
/// <param name="Members">Per extension (in lower case, without the first dot) where the member lies.</param>
public sealed record WebDatasetSample(string Shard, string Key, IReadOnlyDictionary<string, PictureAddress> Members)
{
    /// <summary>The first member that is a picture, or null.</summary>
    public PictureAddress? Picture =>
        Members
            .Where(member => FolderFiles.IsPicture("." + member.Key))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => member.Value)
            .FirstOrDefault();
}
