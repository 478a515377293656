// Finds pictures that look alike without comparing all with all.
using System.Runtime.InteropServices;

namespace Duet.Data.Checks;

/// <summary>
/// Multi-index search over 64-bit hashes (Norouzi, Punjani and Fleet, 2012): of two hashes that differ in at most 7 bits, one of four
/// 16-bit parts differs in at most one, so looking up 4 x 17 keys finds every candidate. Candidates are then compared by their small
/// versions.
/// </summary>
internal static class NearPictures
{
    private const int Parts = 4;
    private const int PartBits = 16;

    /// <summary>The most pictures that are kept under one part of a hash: flat and framed pictures share parts by the thousand.</summary>
    public const int MaxPerKey = 2000;

    /// <summary>
    /// For every picture the first earlier one that looks like it without being the same content, <c>-1</c> where there is none; and how
    /// many pictures were left out of a full part of the index, and are found as twins through their other parts alone or not at all.
    /// </summary>
    public static (int[] Found, int NotIndexed) Find(
        IReadOnlyList<PictureFingerprint?> pictures,
        int mostBits,
        double mostDifference,
        CancellationToken cancellation
    )
    {
        var tables = Enumerable.Range(0, Parts).Select(_ => new Dictionary<ushort, List<int>>()).ToArray();
        var left = new HashSet<int>();
        for (var i = 0; i < pictures.Count; i++)
        {
            for (var part = 0; part < Parts && pictures[i] is { IsTelling: true } picture; part++)
            {
                ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(tables[part], Key(picture.Hash, part), out _);
                bucket ??= [];
                if (bucket.Count < MaxPerKey)
                {
                    bucket.Add(i);
                }
                else
                {
                    left.Add(i);
                }
            }
        }

        var found = new int[pictures.Count];
        Array.Fill(found, -1);
        Parallel.For(
            0,
            pictures.Count,
            new ParallelOptions { CancellationToken = cancellation },
            i => found[i] = First(pictures, tables, i, mostBits, mostDifference)
        );
        return (found, left.Count);
    }

    private static int First(
        IReadOnlyList<PictureFingerprint?> pictures,
        Dictionary<ushort, List<int>>[] tables,
        int index,
        int mostBits,
        double mostDifference
    )
    {
        var first = -1;
        for (var part = 0; part < Parts && pictures[index] is { IsTelling: true } picture; part++)
        {
            var key = Key(picture.Hash, part);
            for (var bit = -1; bit < PartBits; bit++)
            {
                if (!tables[part].TryGetValue(bit < 0 ? key : (ushort)(key ^ (1 << bit)), out var bucket))
                {
                    continue;
                }

                foreach (var candidate in bucket)
                {
                    if (candidate >= index || (first >= 0 && candidate >= first))
                    {
                        break;
                    }

                    var other = pictures[candidate]!;
                    if (picture.LooksLike(other, mostBits, mostDifference) && !picture.Content.AsSpan().SequenceEqual(other.Content))
                    {
                        first = candidate;
                    }
                }
            }
        }

        return first;
    }

    private static ushort Key(ulong hash, int part) => (ushort)(hash >> (part * PartBits));
}
