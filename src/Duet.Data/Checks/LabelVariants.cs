// Finds labels that are probably one and written in several ways.
namespace Duet.Data.Checks;

/// <summary>Groups a task's labels by what is left when letter case, accents, blanks and the format of numbers do not count.</summary>
internal static class LabelVariants
{
    /// <summary>The labels with several spellings, those of most rows first: each spelling with its rows, the commonest first.</summary>
    /// <param name="spellings">The rows of each label as it is written, in table order.</param>
    public static IReadOnlyList<IReadOnlyList<(string Label, List<int> Rows)>> Find(
        IEnumerable<KeyValuePair<string, List<int>>> spellings
    ) =>
        [
            .. spellings
                .GroupBy(spelling => LabelSpelling.Folded(spelling.Key), StringComparer.Ordinal)
                .Where(group => group.Skip(1).Any())
                .OrderByDescending(group => group.Sum(spelling => spelling.Value.Count))
                .Select(group =>
                    (IReadOnlyList<(string, List<int>)>)
                        [
                            .. group
                                .OrderByDescending(spelling => spelling.Value.Count)
                                .ThenBy(spelling => spelling.Key, StringComparer.Ordinal)
                                .Select(spelling => (spelling.Key, spelling.Value)),
                        ]
                ),
        ];

    /// <summary>What is wrong with a spelling.</summary>
    /// <param name="label">The spelling.</param>
    /// <param name="commonest">The commonest spelling of its group.</param>
    public static string Describe(string label, string commonest)
    {
        var one = string.Equals(LabelSpelling.Canonical(label), LabelSpelling.Canonical(commonest), StringComparison.Ordinal);
        return $"'{label}' differs from '{commonest}' only in {LabelSpelling.Difference(label, commonest)}; they count as "
            + $"{(one ? "one class" : "two classes")}";
    }
}
