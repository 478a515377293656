// Divides products into training, validation and test without letting similar products be on both sides.
namespace Duet.Data;

/// <summary>Splits by column, or by group-aware seeded fractions.</summary>
public static class Splitter
{
    private const int SplitsShown = 5;

    private static readonly Dictionary<string, int> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = 0,
        ["training"] = 0,
        ["val"] = 1,
        ["valid"] = 1,
        ["validation"] = 1,
        ["dev"] = 1,
        ["development"] = 1,
        ["test"] = 2,
        ["testing"] = 2,
    };

    /// <summary>The usual name (<c>train</c>, <c>val</c>, <c>test</c>) of a split column's value, or <c>null</c> where it is no known
    /// split.</summary>
    public static string? CanonicalName(string? value) =>
        value is not null && Names.TryGetValue(value.Trim(), out var split)
            ? split switch
            {
                0 => "train",
                1 => "val",
                _ => "test",
            }
            : null;

    /// <summary>Divides the products.</summary>
    /// <param name="products">The products, as read from a table.</param>
    /// <param name="options">By column or by fractions.</param>
    /// <param name="quarantine">Receives rows whose split is unknown.</param>
    /// <param name="cancellation">Stops the hashing of pictures.</param>
    /// <exception cref="TableException">There is nothing to train on, or too little to divide.</exception>
    public static ProductSplits Split(
        IReadOnlyList<Product> products,
        SplitOptions options,
        Quarantine quarantine,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(quarantine);
        options.Validate();
        if (products.Count == 0)
        {
            throw new TableException("The table has no usable product; the quarantine list says why each row was set aside.");
        }

        return options.ByColumn ? ByColumn(products, options, quarantine, cancellation) : ByFractions(products, options, cancellation);
    }

    private static ProductSplits ByColumn(
        IReadOnlyList<Product> products,
        SplitOptions options,
        Quarantine quarantine,
        CancellationToken cancellation
    )
    {
        List<Product>[] parts =
        [
            [],
            [],
            [],
        ];
        foreach (var product in products)
        {
            if (product.Split is { } value && Names.TryGetValue(value, out var part))
            {
                parts[part].Add(product);
            }
            else
            {
                var (reason, detail) = product.Split is { } unknown
                    ? (QuarantineReason.UnknownSplit, $"unknown split '{unknown}'; expected train, val or test")
                    : (QuarantineReason.EmptySplit, "the split is empty; expected train, val or test");
                quarantine.Add(new QuarantineEntry(product.Row, product.Id, string.Empty, reason, detail, RowRefused: true));
            }
        }

        if (parts[0].Count == 0)
        {
            throw new TableException("No row has the split 'train'; the split column must hold train, val and test.");
        }

        var notes = new List<string>();
        AddUnknownNote(products, notes);
        if (parts[1].Count == 0 && options.Validation > 0)
        {
            var train = parts[0];
            var (assigned, moved) = Assign(train, [1 - options.Validation, options.Validation, 0], options, notes, cancellation);
            parts[0] = Select(train, assigned, 0);
            parts[1] = Select(train, assigned, 1);
            notes.Add(
                parts[1].Count > 0
                    ? $"The split column names no validation rows; {parts[1].Count} of {train.Count} training rows were set aside for "
                        + $"validation (seed {options.Seed})."
                    : "The split column names no validation rows, and the training rows are too few or too similar to set some aside."
            );
            AddMovedNote(moved, notes);
        }
        else
        {
            // Nothing is grouped here, so contents are not compared.
            notes.AddRange(
                CommonPicture
                    .FindFiles(products, options.Placeholders)
                    .Select(picture => picture.Describe("which tells a model nothing about a product"))
            );
        }

        var leak = LeakNote(parts, options);
        notes.AddRange(leak is null ? [] : [leak]);
        notes.AddRange(ClassCoverage.Notes(options.Tasks, parts[0], parts[1], parts[2]));
        return new ProductSplits(parts[0], parts[1], parts[2], notes) { Leak = leak };
    }

    private static ProductSplits ByFractions(IReadOnlyList<Product> products, SplitOptions options, CancellationToken cancellation)
    {
        var notes = new List<string>();
        var (assigned, moved) = Assign(products, [options.Train, options.Validation, options.Test], options, notes, cancellation);
        var parts = Enumerable.Range(0, 3).Select(part => Select(products, assigned, part)).ToArray();
        notes.Insert(
            0,
            $"Split by seed {options.Seed} into {parts[0].Count} training, {parts[1].Count} validation and {parts[2].Count} test "
                + $"rows; rows with the same text or picture stay together."
        );
        AddMovedNote(moved, notes);
        notes.AddRange(ClassCoverage.Notes(options.Tasks, parts[0], parts[1], parts[2]));
        return new ProductSplits(parts[0], parts[1], parts[2], notes);
    }

    private static void AddMovedNote(int moved, List<string> notes)
    {
        if (moved > 0)
        {
            notes.Add(
                $"{moved} of the training rows were drawn for validation or test and moved because training had no other row of their "
                    + $"class."
            );
        }
    }

    private static List<Product> Select(IReadOnlyList<Product> products, int[] assigned, int part) =>
        [.. products.Where((_, i) => assigned[i] == part)];

    /// <summary>Assigns whole groups, in seeded order, each to the part that lacks most; then training gets the first group of every class
    /// that it lacks.</summary>
    private static (int[] Parts, int Moved) Assign(
        IReadOnlyList<Product> products,
        double[] fractions,
        SplitOptions options,
        List<string> notes,
        CancellationToken cancellation
    )
    {
        var common = new List<CommonPicture>();
        var group = ProductGroups.Find(
            products,
            options.GroupByText,
            options.GroupByImage,
            options.Placeholders,
            common,
            options.GroupByAnyPicture,
            cancellation
        );
        var groups = Enumerable.Range(0, products.Count).GroupBy(i => group[i]).Select(members => members.ToArray()).ToArray();
        notes.AddRange(common.Select(picture => picture.Describe("and groups nothing when the rows are split")));
        new CounterRandom(options.Seed).Shuffle<int[]>(groups);

        var missing = fractions.Select(fraction => fraction * products.Count).ToArray();
        var assigned = new int[products.Count];
        var pending = new List<int[]>(groups);

        // Small tables: no part that was asked for stays empty while training keeps a group. The smallest groups do the least harm.
        foreach (var part in new[] { 1, 2 }.Where(part => fractions[part] > 0))
        {
            if (pending.Count > 1)
            {
                var smallest = pending.MinBy(members => members.Length)!;
                pending.Remove(smallest);
                Put(smallest, part);
            }
        }

        foreach (var members in pending)
        {
            Put(members, Array.IndexOf(missing, missing.Max()));
        }

        return (assigned, ClassCoverage.Complete(products, options.Tasks, groups, assigned));

        void Put(int[] members, int part)
        {
            missing[part] -= members.Length;
            foreach (var member in members)
            {
                assigned[member] = part;
            }
        }
    }

    private static void AddUnknownNote(IReadOnlyList<Product> products, List<string> notes)
    {
        var unknown = products
            .Where(product => CanonicalName(product.Split) is null)
            .GroupBy(product => product.Split ?? "(empty)", StringComparer.Ordinal)
            .ToArray();
        if (unknown.Length > 0)
        {
            var shown = string.Join(
                ", ",
                unknown.OrderByDescending(rows => rows.Count()).Take(SplitsShown).Select(rows => $"{rows.Key} {rows.Count()}")
            );
            notes.Add(
                $"{unknown.Sum(rows => rows.Count())} of {products.Count} rows are left out because the split column says neither "
                    + $"train, val nor test: {shown}{(unknown.Length > SplitsShown ? ", ..." : string.Empty)}."
            );
        }
    }

    /// <summary>Says how many evaluation rows have a twin in training, by group column and text; pictures are not hashed for a
    /// note.</summary>
    private static string? LeakNote(List<Product>[] parts, SplitOptions options)
    {
        var all = parts.SelectMany(part => part).ToArray();
        var group = ProductGroups.Find(all, options.GroupByText, byImage: false);
        var train = group.Take(parts[0].Count).ToHashSet();
        var leaked = group.Skip(parts[0].Count).Count(train.Contains);
        return leaked > 0
            ? $"{leaked} of {all.Length - parts[0].Count} validation and test rows have the same text or group as a training row; "
                + $"figures on them flatter the model."
            : null;
    }
}
