// The list of rows and pictures a job set aside instead of failing on them.
using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace Duet.Data;

/// <summary>Collects what was set aside. Safe to use from many threads; counts are exact, the list itself is capped.</summary>
/// <param name="capacity">The most entries kept in memory; further ones are only counted.</param>
public sealed class Quarantine(int capacity = 100_000)
{
    private static readonly string[] Header = ["row", "id", "file", "reason", "detail", "row_refused"];

    private readonly Lock _gate = new();
    private readonly List<QuarantineEntry> _entries = [];
    private readonly SortedDictionary<QuarantineReason, long> _counts = [];
    private long _count;
    private long _refusedRows;
    private LossCount _rows;
    private LossCount _pictures;

    /// <summary>How many entries were added, listed or not.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>How many rows were left out altogether.</summary>
    public long RefusedRows
    {
        get
        {
            lock (_gate)
            {
                return _refusedRows;
            }
        }
    }

    /// <summary>How many rows and pictures were looked at so far, and how many of them could not be used; a snapshot.</summary>
    public Losses Losses
    {
        get
        {
            lock (_gate)
            {
                return new Losses(_rows, _pictures);
            }
        }
    }

    /// <summary>Exact number of entries per reason; a snapshot.</summary>
    public IReadOnlyDictionary<QuarantineReason, long> Counts
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<QuarantineReason, long>(_counts);
            }
        }
    }

    /// <summary>The kept entries by row, then file; a snapshot.</summary>
    public IReadOnlyList<QuarantineEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.OrderBy(entry => entry.Row).ThenBy(entry => entry.File, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The reason's name in files and messages, for instance <c>image_missing</c>.</summary>
    public static string NameOf(QuarantineReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    /// <summary>Whether a reason is one of a loss. A row or cell that is empty, or holds a declared placeholder, is a product without that
    /// part; a row with an empty split belongs to none.</summary>
    internal static bool IsLoss(QuarantineReason reason) =>
        reason
            is not (
                QuarantineReason.EmptyText
                or QuarantineReason.NothingToClassify
                or QuarantineReason.ImagePlaceholder
                or QuarantineReason.EmptySplit
            );

    /// <summary>Counts rows that were read, usable or not. Lost ones are counted by <see cref="Add"/>.</summary>
    internal void CountRow()
    {
        lock (_gate)
        {
            _rows = _rows.Plus(new LossCount(1, 0));
        }
    }

    /// <summary>Counts pictures that were looked at. <see cref="Add"/> does not: how many of a product's pictures are looked at is up to
    /// the job.</summary>
    internal void CountPictures(LossCount more)
    {
        lock (_gate)
        {
            _pictures = _pictures.Plus(more);
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Add(QuarantineEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            _count++;
            _rows = _rows.Plus(new LossCount(0, entry.RowRefused && IsLoss(entry.Reason) ? 1 : 0));
            _refusedRows += entry.RowRefused ? 1 : 0;
            _counts[entry.Reason] = _counts.GetValueOrDefault(entry.Reason) + 1;
            if (_entries.Count < capacity)
            {
                _entries.Add(entry);
            }
        }
    }

    /// <summary>The reasons with their counts, as messages have them: <c>3 x image_missing, 1 x malformed_row</c>.</summary>
    public string Describe() => string.Join(", ", Counts.Select(reason => $"{reason.Value} x {NameOf(reason.Key)}"));

    /// <summary>Whether a file is such a list, which a job that stopped may have left and the next one renews.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsList(string path) =>
        File.Exists(path) && string.Equals(File.ReadLines(path).FirstOrDefault(), string.Join(',', Header), StringComparison.Ordinal);

    /// <summary>Writes the list as CSV (<c>row,id,file,reason,detail,row_refused</c>) under a temporary name, then renames it; its folder
    /// is made where it is missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var listed = Entries;
        var total = Count;
        AtomicFile.Write(
            path,
            stream =>
            {
                using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
                csv.WriteHeader(Header);
                foreach (var entry in listed)
                {
                    csv.WriteRecord([
                        entry.Row.ToString(CultureInfo.InvariantCulture),
                        entry.Id,
                        entry.File,
                        NameOf(entry.Reason),
                        entry.Detail,
                        entry.RowRefused ? "true" : "false",
                    ]);
                }

                if (total > listed.Count)
                {
                    csv.WriteRecord([
                        string.Empty,
                        string.Empty,
                        string.Empty,
                        "not_listed",
                        $"{total - listed.Count} more entries were counted but not listed",
                        string.Empty,
                    ]);
                }
            }
        );
    }
}

/// <summary>A row or picture that was set aside.</summary>
/// <param name="Row">The table row, 1-based.</param>
/// <param name="Id">The product's id; empty where the row could not be read that far.</param>
/// <param name="File">The picture or table file at fault.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What exactly, in words.</param>
/// <param name="RowRefused">Whether the whole row was left out; otherwise the product is used with what is left of it.</param>
public sealed record QuarantineEntry(long Row, string Id, string File, QuarantineReason Reason, string Detail, bool RowRefused);
