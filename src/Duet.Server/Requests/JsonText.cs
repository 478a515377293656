// Texts of JSON, which may hold what no text can be.
using System.Text.Json;

namespace Duet.Server.Requests;

/// <summary>Reads JSON strings.</summary>
internal static class JsonText
{
    /// <summary>The text; null where it is another kind of value, bad UTF-8 or half a surrogate pair.</summary>
    public static string? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Refuses a document with names that are no text, once for all: looking for a name would find them one by one.</summary>
    /// <exception cref="JsonException">There is one.</exception>
    public static void RequireNames(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                RequireNames(item);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                RequireName(property);
                RequireNames(property.Value);
            }
        }
    }

    /// <summary>The same of a text or a number.</summary>
    public static string? OfScalar(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetRawText() : Of(element);

    private static void RequireName(JsonProperty property)
    {
        try
        {
            _ = property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A name is not valid text.", e);
        }
    }
}
