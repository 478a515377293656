// A product between preparation and forward pass.
using Duet.Data;

namespace Duet.Inference;

/// <summary>A product whose picture is decoded and whose text is read; see <see cref="ModelSteps"/>.</summary>
public sealed class ReadyProduct
{
    internal ReadyProduct(EncodedProduct prepared) => Prepared = prepared;

    /// <summary>Whether it has a picture.</summary>
    public bool HasPicture => Prepared.Picture is not null;

    /// <summary>Whether it has a text.</summary>
    public bool HasText => Prepared.HasText;

    internal EncodedProduct Prepared { get; }
}
