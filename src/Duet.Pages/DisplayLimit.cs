// How much a page shows of long lists.
namespace Duet.Pages;

/// <summary>Limits of tables and charts.</summary>
public static class DisplayLimit
{
    /// <summary>The most rows of a table.</summary>
    public const int Rows = 120;

    /// <summary>Keeps at most so many of some values, evenly spread, the first and the last among them.</summary>
    public static IReadOnlyList<T> Thin<T>(IReadOnlyList<T> all, int most)
    {
        ArgumentNullException.ThrowIfNull(all);
        return all.Count <= most ? all : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])];
    }
}
