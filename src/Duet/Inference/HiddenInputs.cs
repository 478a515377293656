// Products with some of their inputs hidden: what a certificate for fewer inputs is made with.
using Duet.Data;

namespace Duet.Inference;

/// <summary>Hides inputs of a batch, as if the table had never had them.</summary>
internal static class HiddenInputs
{
    /// <summary>A batch without some of its inputs. Texts of further pieces go with the text.</summary>
    /// <param name="host">The batch; it stays as it is.</param>
    /// <param name="picture">Whether pictures are hidden.</param>
    /// <param name="text">Whether texts are hidden.</param>
    /// <param name="features">Whether features become unknown.</param>
    /// <param name="emptyText">The token ids of the empty text.</param>
    public static HostBatch Of(HostBatch host, bool picture, bool text, bool features, IReadOnlyList<int> emptyText) =>
        new(picture ? new byte[host.Pixels.Length] : host.Pixels)
        {
            Count = host.Count,
            ImageSize = host.ImageSize,
            ContextLength = text ? emptyText.Count : host.ContextLength,
            TokenIds = text ? [.. Enumerable.Repeat(emptyText.Select(id => (long)id), host.Count).SelectMany(ids => ids)] : host.TokenIds,
            TextLengths = text ? [.. Enumerable.Repeat(emptyText.Count, host.Count)] : host.TextLengths,
            ImagePresent = picture ? new bool[host.Count] : host.ImagePresent,
            Enlargements = picture ? [.. Enumerable.Repeat(1f, host.Count)] : host.Enlargements,
            TextPresent = text ? new bool[host.Count] : host.TextPresent,
            Features = features ? new long[host.Features.Length] : host.Features,
            TextTruncated = text ? new bool[host.Count] : host.TextTruncated,
            Labels = host.Labels,
            Rows = host.Rows,
            Ids = host.Ids,
            FurtherTexts = text ? [] : host.FurtherTexts,
            PaddingId = host.PaddingId,
        };
}
