// Pictures inside JSON: data URIs and base64.
using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Duet.Inference;

namespace Duet.Server.Requests;

/// <summary>Decodes a picture that came as text. Pictures by address are not fetched: a service that opens addresses for others can be
/// made to open those of its own network.</summary>
internal static class PictureData
{
    private const string Field = "image";

    /// <summary>Reads the pictures of products within the limits of the service.</summary>
    /// <exception cref="ProductFaultException">It is not a picture; thrown by the function.</exception>
    public static Func<JsonElement, ProductPicture> OfJson(ServerSettings settings) =>
        element =>
        {
            if (element.ValueKind != JsonValueKind.String)
            {
                throw new ProductFaultException(Field, "It must be a text: a data URI or base64.");
            }

            // Without the quotes; a picture of megabytes is not copied into a string first unless characters of it are escaped.
            var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
            return raw.Contains((byte)'\\')
                ? Of(Encoding.UTF8.GetBytes(JsonText.Of(element) ?? throw NotBase64()), settings.MaxPictureBytes)
                : Of(raw, settings.MaxPictureBytes);
        };

    /// <summary>Decodes a data URI or base64.</summary>
    /// <param name="text">The text in UTF-8.</param>
    /// <param name="max">The most bytes of the picture.</param>
    /// <exception cref="ProductFaultException">It is neither, or too large.</exception>
    public static ProductPicture Of(ReadOnlySpan<byte> text, long max)
    {
        if (text.StartsWith("http:"u8) || text.StartsWith("https:"u8))
        {
            throw new ProductFaultException(
                Field,
                "Pictures are not fetched by their address; send the file itself as a data URI or base64."
            );
        }

        if (text.StartsWith("data:"u8))
        {
            var comma = text.IndexOf((byte)',');
            if (comma < 0 || !text[..comma].EndsWith(";base64"u8))
            {
                throw new ProductFaultException(Field, "The data URI must be data:image/...;base64,... .");
            }

            text = text[(comma + 1)..];
        }

        var most = Base64.GetMaxDecodedFromUtf8Length(text.Length);
        if (most - 2 > max)
        {
            throw new ProductFaultException(Field, $"It has about {most} bytes; this service takes pictures of {max}.");
        }

        var bytes = new byte[most];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done
            ? Of(bytes.AsMemory(0, written))
            : throw NotBase64();
    }

    /// <summary>A picture of a file's bytes.</summary>
    public static ProductPicture Of(ReadOnlyMemory<byte> file) => ProductPicture.FromBytes(file, "the picture");

    private static ProductFaultException NotBase64() => new(Field, "It is neither a data URI nor base64.");
}
