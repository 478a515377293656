// Finds the name a user probably meant, for error messages.
namespace Duet;

/// <summary>Nearest-name search by edit distance, letter case ignored.</summary>
public static class NameSuggestion
{
    /// <summary>The candidate nearest to <paramref name="name"/>, or <c>null</c> where none is near enough to be a slip of the
    /// pen.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var wanted = name.Trim().ToUpperInvariant();
        string? best = null;
        var bestDistance = 1 + (wanted.Length <= 3 ? 1 : Math.Max(2, wanted.Length / 3));
        foreach (var candidate in candidates.Where(candidate => candidate.Length <= 256))
        {
            var distance = Distance(wanted, candidate.Trim().ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Levenshtein distance with one row of memory.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
