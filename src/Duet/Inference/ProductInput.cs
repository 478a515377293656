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

    /// <summary>Its texts in one; those of white space alone leave no trace.</summary>
    internal string JoinedText => Texts.Count == 1 ? Texts[0] : string.Join(' ', Texts.Where(part => !string.IsNullOrWhiteSpace(part)));

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

/// <summary>A product has nothing that the model looks at; the message says what it needs.</summary>
public sealed class ProductInputException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public ProductInputException() { }

    /// <summary>Creates an error with a message.</summary>
    public ProductInputException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public ProductInputException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>A picture to look at.</summary>
public sealed record ProductPicture
{
    private ProductPicture(string name, ReadOnlyMemory<byte>? bytes) => (Name, Bytes) = (name, bytes);

    /// <summary>The file's path, or what to call the bytes in errors.</summary>
    public string Name { get; }

    /// <summary>The content of a picture file; null where <see cref="Name"/> is a path to read.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>A picture file.</summary>
    /// <param name="path">Its path.</param>
    public static ProductPicture FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new ProductPicture(path, null);
    }

    /// <summary>The bytes of a picture file (JPEG, PNG, WebP, GIF or BMP).</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    public static ProductPicture FromBytes(ReadOnlyMemory<byte> bytes, string name = "the picture")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new ProductPicture(name, bytes);
    }
}
