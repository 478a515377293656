// Reads settings of a published config.json and names what is wrong with them.
using System.Globalization;
using System.Text.Json;

namespace Duet.Models.Pretrained;

/// <summary>One object of a JSON configuration. Every complaint says which file and which setting.</summary>
internal sealed class ConfigurationReader
{
    private const long MaxBytes = 16 << 20;
    private readonly JsonElement[] _layers;
    private readonly string _where;

    private ConfigurationReader(JsonElement[] layers, string where) => (_layers, _where) = (layers, where);

    /// <summary>The innermost object; where there are several, the first that has a setting decides.</summary>
    internal JsonElement Root => _layers[0];

    /// <summary>Names of all settings.</summary>
    internal IEnumerable<string> Names =>
        _layers.SelectMany(layer => layer.EnumerateObject().Select(setting => setting.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>Reads a file.</summary>
    /// <exception cref="PretrainedException">The file is too large or no JSON object.</exception>
    internal static ConfigurationReader Open(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
        {
            throw new PretrainedException($"{path} has {length} bytes; a model's configuration has at most {MaxBytes}.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new([document.RootElement.Clone()], path)
                : throw new PretrainedException($"{path} holds {Kind(document.RootElement)}; a model's configuration is an object.");
        }
        catch (JsonException e)
        {
            throw new PretrainedException($"{path} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>An object inside this one; later names win over earlier ones, and an absent one is empty.</summary>
    internal ConfigurationReader Section(params string[] names)
    {
        var layers = new List<JsonElement>();
        foreach (var name in names.Reverse())
        {
            if (Find(name) is { } found)
            {
                layers.Add(found.ValueKind == JsonValueKind.Object ? found : throw Wrong(name, found, "an object"));
            }
        }

        if (layers.Count == 0)
        {
            using var empty = JsonDocument.Parse("{}");
            layers.Add(empty.RootElement.Clone());
        }

        return new([.. layers], $"{_where}, {names[0]}");
    }

    internal bool Has(string name) => Find(name) is not null;

    internal bool IsText(string name) => Find(name) is { ValueKind: JsonValueKind.String };

    internal bool IsObject(string name) => Find(name) is { ValueKind: JsonValueKind.Object };

    internal int Integer(string name, int? otherwise = null)
    {
        if (Find(name) is not { } found)
        {
            return otherwise ?? throw Missing(name);
        }

        return found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var value)
            ? value
            : throw Wrong(name, found, "a whole number");
    }

    internal double Number(string name, double otherwise) =>
        Find(name) is not { } found ? otherwise
        : found.ValueKind == JsonValueKind.Number ? found.GetDouble()
        : throw Wrong(name, found, "a number");

    internal bool Flag(string name, bool otherwise) =>
        Find(name) is not { } found
            ? otherwise
            : found.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Wrong(name, found, "true or false"),
            };

    internal string Text(string name, string? otherwise = null) =>
        Find(name) is not { } found ? otherwise ?? throw Missing(name)
        : found.ValueKind == JsonValueKind.String ? found.GetString()!
        : throw Wrong(name, found, "a text");

    /// <summary>A list of whole numbers, or null where the setting is one number or absent.</summary>
    internal int[]? Integers(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } found)
        {
            return null;
        }

        return
        [
            .. found
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var value)
                        ? value
                        : throw Wrong(name, found, "a list of whole numbers")
                ),
        ];
    }

    /// <summary>A list of numbers, or null where it is absent.</summary>
    internal double[]? Numbers(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        return found.ValueKind == JsonValueKind.Array && found.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. found.EnumerateArray().Select(item => item.GetDouble())]
            : throw Wrong(name, found, "a list of numbers");
    }

    /// <summary>A size given as one number or as two equal ones.</summary>
    internal int Side(string name, int? otherwise = null)
    {
        if (Integers(name) is not { } sides)
        {
            return Integer(name, otherwise);
        }

        return sides is [var height, var width] && height == width ? height : throw Wrong(name, Find(name)!.Value, "one side of a square");
    }

    /// <summary>Refuses a setting that has any other value than the one that Duet implements.</summary>
    internal void Demand(string name, object expected, string reason)
    {
        if (Find(name) is { } found && !IsSame(found, expected))
        {
            throw new PretrainedException($"{_where}: {name} is {Show(found)}; Duet reads only {expected}: {reason}.");
        }
    }

    /// <summary>An error about this object.</summary>
    internal PretrainedException Error(string problem) => new($"{_where}: {problem}");

    /// <summary>Runs a step whose complaints do not know the file.</summary>
    internal T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OptionException e)
        {
            throw new PretrainedException($"{_where}: {e.Message}", e);
        }
    }

    // 4 and 4.0 are one number.
    private static bool IsSame(JsonElement found, object expected) =>
        found.ValueKind == JsonValueKind.Number && expected is int or double
            ? found.GetDouble().Equals(Convert.ToDouble(expected, CultureInfo.InvariantCulture))
            : string.Equals(found.ToString(), expected.ToString(), StringComparison.OrdinalIgnoreCase);

    private static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();

    private static string Show(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
    }

    // A setting that is null counts as absent: published files spell out defaults that way.
    private JsonElement? Find(string name)
    {
        foreach (var layer in _layers)
        {
            if (layer.TryGetProperty(name, out var found) && found.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                return found;
            }
        }

        return null;
    }

    private PretrainedException Missing(string name) => new($"{_where} has no {name}; the model cannot be built without it.");

    private PretrainedException Wrong(string name, JsonElement found, string expected) =>
        new($"{_where}: {name} is {Show(found)}, not {expected}.");
}
