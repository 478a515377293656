// The categorical features of a model: learned once from the training split, saved with the run, used to encode cells ever after.

namespace Duet.Data;

/// <summary>An immutable list of features with value-to-id maps.</summary>
public sealed class FeatureSchema
{
    /// <summary>The most values a feature may have. Beyond it, the column is most likely no category (an id, a title, a price).</summary>
    public const int MaxValues = 10_000;

    private readonly Dictionary<string, int>[] _ids;

    /// <summary>Creates a schema from features whose values are known.</summary>
    /// <exception cref="TableException">A column is given twice; a feature has an empty value, a value twice, too many, or does not begin
    /// with the unknown one.</exception>
    public FeatureSchema(IEnumerable<FeatureDefinition> features)
    {
        Features = [.. features];
        if (Features.GroupBy(feature => feature.Column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new TableException($"The feature '{twice.Key}' is given twice.");
        }

        _ids = [.. Features.Select(Index)];
    }

    /// <summary>No features: a model that looks at pictures and texts alone.</summary>
    public static FeatureSchema None { get; } = new([]);

    /// <summary>The features, in the order in which they were named.</summary>
    public IReadOnlyList<FeatureDefinition> Features { get; }

    /// <summary>Finds each feature's values in the training split, in their one spelling (<see cref="LabelSpelling.Canonical"/>).</summary>
    /// <param name="columns">The columns, in the order in which <paramref name="training"/> was read.</param>
    /// <param name="training">The products of the training split.</param>
    /// <exception cref="TableException">A column is empty in the training split, or has too many values for a category.</exception>
    public static FeatureSchema Learn(IReadOnlyList<string> columns, IEnumerable<Product> training)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(training);
        var values = columns.Select(_ => new SortedSet<string>(StringComparer.Ordinal)).ToArray();
        foreach (var product in columns.Count == 0 ? [] : training)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (product.Features[i] is { } value && !string.Equals(value, FeatureDefinition.Unknown, StringComparison.Ordinal))
                {
                    values[i].Add(LabelSpelling.Canonical(value));
                }

                if (values[i].Count >= MaxValues)
                {
                    throw new TableException(
                        $"The feature '{columns[i]}' has more than {MaxValues - 1} values in the training split; the column seems to "
                            + $"hold no category. Name another --feature."
                    )
                    {
                        Column = columns[i],
                    };
                }
            }
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (values[i].Count == 0)
            {
                throw new TableException(
                    $"The feature '{columns[i]}' has no value in the training split, so there is nothing to learn from it. Leave "
                        + $"--feature {columns[i]} out, or fill the column."
                )
                {
                    Column = columns[i],
                };
            }
        }

        return new FeatureSchema(columns.Select((column, i) => new FeatureDefinition(column, [FeatureDefinition.Unknown, .. values[i]])));
    }

    /// <summary>Reads a schema written by <see cref="Save"/>.</summary>
    /// <exception cref="TableException">The file is missing, too large, damaged or of a newer version.</exception>
    public static FeatureSchema Load(string path) =>
        new(
            SchemaFile
                .Load<Content>(
                    path,
                    "features",
                    content => content.Version,
                    content =>
                        content.Features is not { } features
                        || features.Any(feature => feature is null or { Column: null } or { Values: null })
                            ? "a feature without column or values"
                            : null
                )
                .Features!
        );

    /// <summary>Writes the schema as JSON (<c>features.json</c> of a run folder), under a temporary name first.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => SchemaFile.Save(path, new Content(SchemaFile.FormatVersion, Features));

    /// <summary>A product's value ids; that of the unknown value where a cell is empty, was never seen in training, or was not read at
    /// all.</summary>
    /// <param name="values">The raw values, in the order of the features; empty where the table's features were not read.</param>
    /// <param name="unseen">Counts values that training never had.</param>
    public int[] Encode(IReadOnlyList<string?> values, UnseenLabels? unseen = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        var encoded = new int[Features.Count];
        for (var i = 0; i < encoded.Length && i < values.Count; i++)
        {
            if (
                values[i] is { } value
                && !_ids[i].TryGetValue(value, out encoded[i])
                && !_ids[i].TryGetValue(LabelSpelling.Canonical(value), out encoded[i])
            )
            {
                unseen?.Add(Features[i].Column, value);
            }
        }

        return encoded;
    }

    /// <summary>The raw values of a product that is not a row of a table, in the order of the features.</summary>
    /// <param name="given">Values by column.</param>
    /// <exception cref="TableException">A column is not a feature of this schema; the message lists those there are.</exception>
    public IReadOnlyList<string?> Arrange(IReadOnlyDictionary<string, string> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (
            given.Keys.FirstOrDefault(column =>
                Features.All(feature => !string.Equals(feature.Column, column, StringComparison.Ordinal))
            ) is
            { } other
        )
        {
            throw new TableException(
                Features.Count == 0
                    ? $"The model has no features, so it cannot use '{other}'."
                    : $"The model has no feature '{other}'; there are {string.Join(", ", Features.Select(feature => feature.Column))}."
            )
            {
                Column = other,
            };
        }

        return
        [
            .. Features.Select(feature =>
                given.GetValueOrDefault(feature.Column) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null
            ),
        ];
    }

    private static Dictionary<string, int> Index(FeatureDefinition feature)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in feature.Values)
        {
            if (string.IsNullOrWhiteSpace(value) || !index.TryAdd(value, index.Count))
            {
                throw new TableException($"The feature '{feature.Column}' has an empty value or the value '{value}' twice.")
                {
                    Column = feature.Column,
                };
            }
        }

        if (index.GetValueOrDefault(FeatureDefinition.Unknown, -1) == FeatureDefinition.UnknownId && index.Count <= MaxValues)
        {
            // Beside the values as they are written, as in a task's classes.
            for (var i = 0; i < feature.Values.Count; i++)
            {
                index.TryAdd(LabelSpelling.Canonical(feature.Values[i]), i);
            }

            return index;
        }

        throw new TableException(
            $"The feature '{feature.Column}' has {index.Count} values; it must have at most {MaxValues} and begin with "
                + $"'{FeatureDefinition.Unknown}'."
        )
        {
            Column = feature.Column,
        };
    }

    private sealed record Content(int Version, IReadOnlyList<FeatureDefinition>? Features);
}

/// <summary>A column whose value is an input beside picture and text, not a label: where a product comes from, say.</summary>
/// <param name="Column">The table column.</param>
/// <param name="Values">Its values; a value's place is its id. The first is <see cref="Unknown"/>, the others are in ordinal order.</param>
public sealed record FeatureDefinition(string Column, IReadOnlyList<string> Values)
{
    /// <summary>The value of a cell that is empty, or whose value the training split never had.</summary>
    public const string Unknown = "unknown";

    /// <summary>The id of <see cref="Unknown"/>.</summary>
    public const int UnknownId = 0;
}
