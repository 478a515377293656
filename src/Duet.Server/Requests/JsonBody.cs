// A request in JSON.
using System.Globalization;
using System.Text.Json;

namespace Duet.Server.Requests;

/// <summary>An object with a list of products, or with the fields of a single one.</summary>
internal sealed class JsonBody(JsonDocument document) : RequestBody
{
    private const string List = "products";

    private JsonElement Root => document.RootElement;

    /// <inheritdoc/>
    public override string? Text(string field) =>
        !Root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null
            ? null
            : JsonText.Of(value) ?? throw Bad(field, "It must be a text.");

    /// <inheritdoc/>
    public override bool IsList(string field) => Root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Texts(string field)
    {
        if (!Root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(one => JsonText.Of(one) ?? throw Bad(field, "It must be a list of texts."))]
            : throw Bad(field, "It must be a list of texts.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RequestedProduct> Products(DuetModel model, ServerSettings settings, params string[] others)
    {
        var reader = new JsonProductReader(model, settings);
        var isList = Root.TryGetProperty(List, out var list);
        string[] known = ["model", .. others, .. isList ? [List] : JsonProductReader.Fields];
        foreach (var property in Root.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
            {
                throw Unknown(property.Name, isList ? known : [.. known, List]);
            }
        }

        if (!isList)
        {
            return [reader.Read(Root, "1", alone: true)];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0)
        {
            throw Bad(List, "It must be a list with at least one product.");
        }

        return list.GetArrayLength() <= settings.MaxProducts
            ? [.. list.EnumerateArray().Select((one, i) => reader.Read(one, (i + 1).ToString(CultureInfo.InvariantCulture), alone: false))]
            : throw Bad(List, $"It has {list.GetArrayLength()} products; this service takes {settings.MaxProducts} in a request.");
    }

    /// <inheritdoc/>
    public override void Dispose() => document.Dispose();
}
