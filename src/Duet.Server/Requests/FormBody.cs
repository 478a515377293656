// A request as a form with files.
using System.Text.Json;
using Duet.Inference;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Requests;

/// <summary>A form with one product: <c>image</c> is a file, <c>text</c> may come again, <c>features</c> is an object in JSON.</summary>
internal sealed class FormBody(IFormCollection form) : RequestBody
{
    private const string Image = "image";
    private const string TextField = "text";
    private const string FeatureField = "features";

    /// <inheritdoc/>
    public override string? Text(string field) =>
        form.TryGetValue(field, out var values) && values is [{ Length: > 0 } text, ..] ? text : null;

    /// <inheritdoc/>
    public override bool IsList(string field) => form.TryGetValue(field, out var values) && values.Count > 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Texts(string field) =>
        form.TryGetValue(field, out var values) ? [.. values.OfType<string>()] : null;

    /// <inheritdoc/>
    public override IReadOnlyList<RequestedProduct> Products(DuetModel model, ServerSettings settings, params string[] others)
    {
        string[] known = ["model", "id", Image, TextField, FeatureField, .. others];
        foreach (var field in form.Keys.Concat(form.Files.Select(file => file.Name)))
        {
            if (!known.Contains(field, StringComparer.Ordinal))
            {
                throw Unknown(field, known);
            }
        }

        var id = Text("id") ?? "1";
        try
        {
            var product = new ProductInput
            {
                Pictures = [.. form.Files.Where(file => file.Length > 0).Select(file => Picture(file, settings))],
                Texts = Texts(settings),
                Features = Features(),
            };
            return form.ContainsKey(Image)
                ? throw new ProductFaultException(Image, "It must be a file of the form, with a file name.")
                : [new RequestedProduct(id) { Input = product }];
        }
        catch (ProductFaultException e)
        {
            return [new RequestedProduct(id) { Fault = e.Fault }];
        }
    }

    /// <inheritdoc/>
    public override void Dispose() { }

    private static ProductPicture Picture(IFormFile file, ServerSettings settings)
    {
        if (!string.Equals(file.Name, Image, StringComparison.Ordinal))
        {
            throw new ProductFaultException(file.Name, "It must be a text, not a file.");
        }

        if (file.Length > settings.MaxPictureBytes)
        {
            throw new ProductFaultException(
                Image,
                $"It has {file.Length} bytes; this service takes pictures of {settings.MaxPictureBytes}."
            );
        }

        var bytes = new byte[file.Length];
        using var stream = file.OpenReadStream();
        stream.ReadExactly(bytes);
        return PictureData.Of(bytes);
    }

    private string[] Texts(ServerSettings settings)
    {
        string[] texts = [.. Texts(TextField) ?? []];
        var length = texts.Sum(text => (long)text.Length);
        return length <= settings.MaxText
            ? texts
            : throw new ProductFaultException(TextField, $"It has {length} characters; this service takes {settings.MaxText}.");
    }

    private Dictionary<string, string> Features()
    {
        if (Text(FeatureField) is not { } json)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (JsonException)
        {
            throw new ProductFaultException(FeatureField, "It must be an object of texts by column, in JSON.");
        }
    }
}
