// Sees to it that training has every class, and says what the other parts lack.
namespace Duet.Data;

/// <summary>Which classes occur in which part of a table.</summary>
internal static class ClassCoverage
{
    private const int Named = 10;

    /// <summary>
    /// Moves groups of products into training until it has every class: of each class that it lacks the smallest group that has it, of
    /// equal ones the first. A class that training lacks can be neither learned nor scored. Tasks whose classes hardly repeat are left to
    /// chance: they would take every row away from the other parts.
    /// </summary>
    /// <param name="products">The products.</param>
    /// <param name="tasks">The tasks, in the order of the products' labels; null for labels that are not classes.</param>
    /// <param name="groups">The groups, in the order in which they were dealt; none is torn apart.</param>
    /// <param name="assigned">The part of each product; 0 is training.</param>
    /// <returns>How many products were moved.</returns>
    public static int Complete(
        IReadOnlyList<Product> products,
        IReadOnlyList<TaskColumn?> tasks,
        IReadOnlyList<int[]> groups,
        int[] assigned
    )
    {
        tasks = [.. tasks.Select((task, place) => task is not null && Repeats(products, task, place) ? task : null)];
        if (tasks.All(task => task is null))
        {
            return 0;
        }

        var moved = 0;
        var classes = groups.Select(members => members.SelectMany(member => ClassesOf(products[member], tasks)).ToHashSet()).ToList();
        var known = groups.Zip(classes).Where(group => assigned[group.First[0]] == 0).SelectMany(group => group.Second).ToHashSet();

        // A stable order: of groups of one size those that were dealt first.
        foreach (var (members, own) in groups.Zip(classes).OrderBy(group => group.First.Length))
        {
            if (assigned[members[0]] == 0 || known.IsSupersetOf(own))
            {
                continue;
            }

            known.UnionWith(own);
            moved += members.Length;
            foreach (var member in members)
            {
                assigned[member] = 0;
            }
        }

        return moved;
    }

    private static bool Repeats(IReadOnlyList<Product> products, TaskColumn task, int place)
    {
        var labels = products
            .Where(product => place < product.Labels.Count)
            .SelectMany(product => LabelCell.Canonical(task, product.Labels[place]))
            .ToList();
        return !LabelColumns.IsNearlyUnique(labels.Distinct(StringComparer.Ordinal).Count(), labels.Count);
    }

    /// <summary>Says of every task which classes of training have no row in validation or test; nothing of a part that is empty.</summary>
    public static IEnumerable<string> Notes(
        IReadOnlyList<TaskColumn?> tasks,
        IReadOnlyList<Product> train,
        IReadOnlyList<Product> validation,
        IReadOnlyList<Product> test
    )
    {
        var (known, validated, tested) = (Classes(train, tasks), Classes(validation, tasks), Classes(test, tasks));
        foreach (var (task, place) in tasks.Select((task, place) => (task, place)))
        {
            var own = known.Where(one => one.Task == place).Select(one => one.Label).Order(StringComparer.Ordinal).ToList();
            string[] lacks = [.. Lacking(validation, validated, "validated"), .. Lacking(test, tested, "tested")];
            if (task is not null && lacks.Length > 0)
            {
                yield return $"The task {task.Name} has {own.Count} classes in training; {string.Join(", ", lacks)}.";
            }

            IEnumerable<string> Lacking(IReadOnlyList<Product> part, HashSet<(int Task, string Label)> there, string what)
            {
                var missing = own.Where(label => !there.Contains((place, label))).ToList();
                if (part.Count > 0 && missing.Count > 0)
                {
                    yield return $"{missing.Count} cannot be {what} because they have too few rows "
                        + $"({string.Join(", ", missing.Take(Named))}{(missing.Count > Named ? ", ..." : string.Empty)})";
                }
            }
        }
    }

    private static HashSet<(int Task, string Label)> Classes(IReadOnlyList<Product> products, IReadOnlyList<TaskColumn?> tasks) =>
        [.. products.SelectMany(product => ClassesOf(product, tasks))];

    private static IEnumerable<(int Task, string Label)> ClassesOf(Product product, IReadOnlyList<TaskColumn?> tasks)
    {
        for (var i = 0; i < tasks.Count && i < product.Labels.Count; i++)
        {
            if (tasks[i] is { } task)
            {
                foreach (var label in LabelCell.Canonical(task, product.Labels[i]))
                {
                    yield return (i, label);
                }
            }
        }
    }
}
