// Compares what we compute with what a published implementation recorded, within the tolerances of the fixtures' INDEX.md.
using System.Text.Json;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

/// <summary>
/// Collects the differences of one fixture folder instead of stopping at the first. Every recorded tensor must be compared:
/// <see cref="Failures"/> names those that were not.
/// </summary>
internal sealed class ParityAssert(JsonElement config, IReadOnlyDictionary<string, Tensor> recorded)
{
    private const string GradientPrefix = "grad.";
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];

    /// <summary>The recorded tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Recorded => recorded;

    /// <summary>Whether a tensor of this name was recorded.</summary>
    public bool Has(string name) => recorded.ContainsKey(name);

    /// <summary>Hidden states, features, logits, probabilities over classes: 1e-5 + 1e-5 * largest reference.</summary>
    public void Hidden(string name, Tensor actual) => Within(name, actual, 1e-5, 1e-5);

    /// <summary>As <see cref="Hidden"/> where <paramref name="ordinary"/> is true, each part with its own largest reference; the other
    /// elements within <paramref name="otherwise"/>.</summary>
    public void HiddenWhere(string name, Tensor actual, Tensor ordinary, double otherwise)
    {
        _compared.Add(name);
        if (Recording(name, actual) is { } expected)
        {
            var (numbers, reference, part) = (Numbers(actual), Numbers(expected), Numbers(ordinary));
            var plain = Enumerable.Range(0, part.Length).ToLookup(k => part[k] != 0);
            double[] usual = [.. plain[true].Select(k => reference[k])];
            CompareElements(
                $"{name} (ordinary elements)",
                [.. plain[true].Select(k => numbers[k])],
                usual,
                1e-5 + (1e-5 * usual.Select(Math.Abs).DefaultIfEmpty(0).Max())
            );
            CompareElements(
                $"{name} (others)",
                [.. plain[false].Select(k => numbers[k])],
                [.. plain[false].Select(k => reference[k])],
                otherwise
            );
        }
    }

    /// <summary>Attention probabilities: 5e-6.</summary>
    public void Attention(string name, Tensor actual) => Within(name, actual, 5e-6);

    /// <summary>A loss: 1e-5, relative when above 1.</summary>
    public void Loss(string name, Tensor actual) => Compare(name, actual, reference => 1e-5 * Math.Max(1, reference.Max(Math.Abs)));

    /// <summary>Whole numbers and truth values: exact.</summary>
    public void Integers(string name, Tensor actual) => Compare(name, actual, _ => 0);

    /// <summary>A tolerance of its own: <paramref name="absolute"/> + <paramref name="relative"/> * largest reference.</summary>
    public void Within(string name, Tensor actual, double absolute, double relative = 0) =>
        Compare(name, actual, reference => absolute + (relative * reference.Max(Math.Abs)));

    /// <summary>States under <c>prefix1, prefix2, ...</c>: what each block of a stack gave.</summary>
    public void HiddenSeries(string prefix, IEnumerable<Tensor> actual) => Series(prefix, actual, Hidden);

    /// <summary>Attention probabilities under <c>prefix1, prefix2, ...</c>.</summary>
    public void AttentionSeries(string prefix, IEnumerable<Tensor> actual) => Series(prefix, actual, Attention);

    /// <summary>
    /// Every recorded <c>grad.NAME</c>, and every norm in the configuration's <c>gradient_norms</c>: 1e-6 + 1e-4 * largest reference.
    /// </summary>
    /// <param name="published">Our gradients under published names: <c>NameMap.ToPublished</c>.</param>
    /// <param name="prefix">What stands before the names, where one file holds gradients of several losses.</param>
    public void Gradients(IReadOnlyDictionary<string, Tensor> published, string prefix = GradientPrefix)
    {
        foreach (var name in recorded.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (published.TryGetValue(name[prefix.Length..], out var gradient))
            {
                Within(name, gradient, 1e-6, 1e-4);
            }
            else
            {
                _compared.Add(name);
                _failures.Add($"{name}: we have no such gradient");
            }
        }
    }

    /// <summary>The L2 norms of the configuration's table <c>gradient_norms</c>, which names every parameter; null stands for no
    /// gradient.</summary>
    public void GradientNorms(IReadOnlyDictionary<string, Tensor> published, string table = "gradient_norms") =>
        GradientNorms(published, table, config.GetProperty(table));

    /// <summary>The same with a table from another place of the configuration.</summary>
    public void GradientNorms(IReadOnlyDictionary<string, Tensor> published, string table, JsonElement norms)
    {
        foreach (var norm in norms.EnumerateObject())
        {
            if (norm.Value.ValueKind == JsonValueKind.Null)
            {
                if (published.ContainsKey(norm.Name))
                {
                    _failures.Add($"{table}.{norm.Name}: we have a gradient where the published code has none");
                }

                continue;
            }

            var expected = norm.Value.GetDouble();
            var actual = published.TryGetValue(norm.Name, out var gradient)
                ? Math.Sqrt(gradient.ToArray().Sum(value => (double)value * value))
                : double.NaN;
            if (!(Math.Abs(actual - expected) <= 1e-6 + (1e-4 * expected)))
            {
                _failures.Add($"{table}.{norm.Name}: {actual:R} instead of {expected:R}");
            }
        }
    }

    /// <summary>Everything that differs, and the recorded tensors that nobody compared.</summary>
    public IEnumerable<string> Failures() =>
        _failures.Concat(
            recorded
                .Keys.Where(name => !_compared.Contains(name))
                .Order(StringComparer.Ordinal)
                .Select(name => $"{name}: recorded but never compared")
        );

    private static void Series(string prefix, IEnumerable<Tensor> actual, Action<string, Tensor> compare)
    {
        var number = 0;
        foreach (var tensor in actual)
        {
            number++;
            compare($"{prefix}{number}", tensor);
        }
    }

    private void Compare(string name, Tensor actual, Func<double[], double> tolerance)
    {
        _compared.Add(name);
        if (Recording(name, actual) is { } expected)
        {
            var reference = Numbers(expected);
            CompareElements(name, Numbers(actual), reference, reference.Length == 0 ? 0 : tolerance(reference));
        }
    }

    // What was recorded under a name; null, and a failure noted, where nothing was or in another shape.
    private Tensor? Recording(string name, Tensor actual)
    {
        if (!recorded.TryGetValue(name, out var expected))
        {
            _failures.Add($"{name}: we compute it, but it was not recorded");
            return null;
        }

        if (!SameShape(expected.shape, actual.shape))
        {
            _failures.Add($"{name}: shape [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.shape)}]");
            return null;
        }

        return expected;
    }

    private void CompareElements(string name, double[] actual, double[] reference, double allowed)
    {
        var worst = -1;
        var largest = 0.0;
        for (var k = 0; k < reference.Length; k++)
        {
            // Equal infinities and two NaNs agree; a NaN on one side only is the worst of differences.
            var same = actual[k].Equals(reference[k]);
            var difference = same ? 0 : Math.Abs(actual[k] - reference[k]);
            difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
            if (difference > largest)
            {
                (worst, largest) = (k, difference);
            }
        }

        if (largest > allowed)
        {
            _failures.Add(
                $"{name}: off by {largest:G4} at element {worst} ({actual[worst]:R} instead of {reference[worst]:R}); {allowed:G4} allowed"
            );
        }
    }

    // Losses are recorded as [1]; ours are [].
    private static bool SameShape(long[] expected, long[] actual) =>
        expected.AsSpan().SequenceEqual(actual)
        || (expected.All(size => size == 1) && actual.All(size => size == 1) && expected.Length <= 1);

    private static double[] Numbers(Tensor tensor) =>
        tensor.dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16
            ? Array.ConvertAll(tensor.ToArray(), value => (double)value)
            : Array.ConvertAll(tensor.ToInt64Array(), value => (double)value);
}
