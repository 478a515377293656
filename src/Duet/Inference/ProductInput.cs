// One product to classify.
namespace Duet.Inference;

/// <summary>What is known of a product: a picture, texts, or both.</summary>
public sealed record ProductInput
{
    /// <summary>Its pictures; the model looks at the first, as it does with the rows of a table.</summary>
    public IReadOnlyList<ProductPicture> Pictures { get; init; } = [];

    /// <summary>Its texts (title, description, ...), joined by a space in this order, as the text columns of a table are.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Values of the model's features by column (<see cref="DuetModel.Features"/>); those that are not given count as
    /// unknown.</summary>
    public IReadOnlyDictionary<string, string> Features { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A product with at most one picture file and one text.</summary>
    /// <param name="imagePath">The picture file; null or empty for none.</param>
    /// <param name="text">The text; null or empty for none.</param>
    public static ProductInput Of(string? imagePath, string? text) =>
        new()
        {
            Pictures = string.IsNullOrWhiteSpace(imagePath) ? [] : [ProductPicture.FromFile(imagePath)],
            Texts = string.IsNullOrWhiteSpace(text) ? [] : [text],
        };
}
