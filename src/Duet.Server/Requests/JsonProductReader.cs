// One product of a request in JSON.
using System.Text.Json;
using Duet.Inference;

namespace Duet.Server.Requests;

/// <summary>Reads <c>{"id": ..., "image": ..., "text": ..., "features": ...}</c>.</summary>
internal sealed class JsonProductReader(DuetModel model, ServerSettings settings)
{
    private const int MaxId = 256;

    /// <summary>The fields of a product.</summary>
    public static string[] Fields { get; } = ["id", "image", "text", "features"];

    /// <summary>Reads a product.</summary>
    /// <param name="element">The product.</param>
    /// <param name="place">Its place in the request, its id where it has none.</param>
    /// <param name="alone">Whether it shares its object with the fields of the request.</param>
    public RequestedProduct Read(JsonElement element, string place, bool alone)
    {
        var id = place;
        try
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw new ProductFaultException("product", "A product is an object with image, text or both.");
            }

            id = Id(element) ?? place;
            if (!alone)
            {
                RefuseUnknown(element);
            }

            return new RequestedProduct(id)
            {
                Input = new ProductInput
                {
                    Pictures = Pictures(element),
                    Texts = Texts(element),
                    Features = Features(element),
                },
            };
        }
        catch (ProductFaultException e)
        {
            return new RequestedProduct(id) { Fault = e.Fault };
        }
    }

    private static void RefuseUnknown(JsonElement product)
    {
        foreach (var property in product.EnumerateObject())
        {
            if (!Fields.Contains(property.Name, StringComparer.Ordinal))
            {
                throw new ProductFaultException("product", $"A product has {string.Join(", ", Fields)}, and nothing else.");
            }
        }
    }

    private static string? Id(JsonElement product)
    {
        if (Given(product, "id") is not { } value)
        {
            return null;
        }

        return JsonText.OfScalar(value) is { Length: <= MaxId } id
            ? id
            : throw new ProductFaultException("id", $"It must be a text or a number of at most {MaxId} characters.");
    }

    private ProductPicture[] Pictures(JsonElement product) =>
        Given(product, "image") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(PictureData.OfJson(settings))],
            { } one => [PictureData.OfJson(settings)(one)],
        };

    private string[] Texts(JsonElement product)
    {
        string[] texts = Given(product, "text") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Object } columns => ByColumn(columns),
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Text)],
            { } one => [Text(one)],
        };
        var length = texts.Sum(text => (long)text.Length);
        return length <= settings.MaxText
            ? texts
            : throw new ProductFaultException("text", $"It has {length} characters; this service takes {settings.MaxText}.");
    }

    // In the order of the run's columns, as the texts of a table are joined.
    private string[] ByColumn(JsonElement columns)
    {
        var known = model.Configuration.Data.TextColumns;
        return columns.EnumerateObject().All(column => known.Contains(column.Name, StringComparer.Ordinal))
            ?
            [
                .. known
                    .Select(name => columns.TryGetProperty(name, out var value) ? value : default)
                    .Where(value => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
                    .Select(Text),
            ]
            : throw new ProductFaultException(
                "text",
                $"The texts of this model are {(known.Count == 0 ? "not named; send one text" : string.Join(", ", known))}."
            );
    }

    private static string Text(JsonElement value) =>
        JsonText.Of(value)
        ?? throw new ProductFaultException("text", "It must be a text, a list of texts, or an object of texts by column.");

    private static Dictionary<string, string> Features(JsonElement product)
    {
        const string expected = "It must be an object of texts by column.";
        var features = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Given(product, "features") is not { } values)
        {
            return features;
        }

        if (values.ValueKind != JsonValueKind.Object)
        {
            throw new ProductFaultException("features", expected);
        }

        foreach (var value in values.EnumerateObject())
        {
            features[value.Name] = JsonText.OfScalar(value.Value) ?? throw new ProductFaultException("features", expected);
        }

        return features;
    }

    private static JsonElement? Given(JsonElement product, string field) =>
        product.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
