// The short way from a product to a batch: no tables, no loader threads.
using System.Globalization;
using System.Runtime.ExceptionServices;
using Duet.Data;
using Duet.Models;
using Duet.Text;

namespace Duet.Inference;

/// <summary>Decodes and tokenizes products that callers give. What comes out is what the table loaders give. Safe for many
/// threads.</summary>
internal sealed class ProductPreparation(ModelOptions options, ITokenizer tokenizer, FeatureSchema? features = null)
{
    private readonly PicturePipeline _pictures = new(ModelInputs.Pictures(options));
    private readonly FeatureSchema _features = features ?? FeatureSchema.None;
    private readonly EncodingOptions _encoding = ModelInputs.Texts(options);
    private readonly BatchLayout _layout = new(ContextLength: null, tokenizer.PaddingId, Tasks: []);

    /// <summary>Prepares one product.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture cannot be used.</exception>
    /// <exception cref="ProductInputException">There is nothing that the model looks at.</exception>
    public EncodedProduct Prepare(ProductInput product)
    {
        var stated = new Product(1, "1", [], product.JoinedText, []) { Features = Arrange(product.Features) };
        Refuse(product.Pictures.Count > 0, stated.HasText);

        // A text-only ablation need not even open the file.
        var picture = product.Pictures.Count == 0 || options.Modalities == InputModalities.Text ? null : Decode(product.Pictures[0]);
        return Encode(stated) with { Picture = picture };
    }

    /// <summary>Encodes a product's text and features.</summary>
    public EncodedProduct Encode(Product product) => ProductEncoder.Encode(product, tokenizer, _encoding, _features);

    /// <summary>Prepares several products on all cores.</summary>
    public EncodedProduct[] PrepareMany(IReadOnlyList<ProductInput> products, CancellationToken cancellation)
    {
        var prepared = new EncodedProduct[products.Count];
        try
        {
            Parallel.For(
                0,
                products.Count,
                new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
                i => prepared[i] = Prepare(products[i])
            );
        }
        catch (AggregateException e)
        {
            // The caller asked for products, not for threads: the first product's error is the answer.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return prepared;
    }

    /// <summary>Puts products together, as wide as the longest text; they are numbered from 1.</summary>
    public ProductBatch Batch(IReadOnlyList<EncodedProduct> products) =>
        ProductBatch.Of([.. products.Select(Numbered)], PreparedPictures.Of(products, _pictures.Size), _layout);

    private static EncodedProduct Numbered(EncodedProduct product, int index)
    {
        var row = index + 1;
        return product with { Product = product.Product with { Row = row, Id = row.ToString(CultureInfo.InvariantCulture) } };
    }

    private PreparedPicture Decode(ProductPicture given)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(3 * _pictures.Size * _pictures.Size);
        var enlargement = given.Bytes is { } bytes
            ? _pictures.Prepare(bytes.Span, given.Name, pixels)
            : _pictures.Prepare(given.Name, pixels);
        return new PreparedPicture(pixels, enlargement);
    }

    private IReadOnlyList<string?> Arrange(IReadOnlyDictionary<string, string> given)
    {
        try
        {
            return _features.Arrange(given);
        }
        catch (TableException e)
        {
            throw new ProductInputException(e.Message, e);
        }
    }

    private void Refuse(bool hasPicture, bool hasText)
    {
        if (!hasPicture && !hasText)
        {
            throw new ProductInputException("There is neither a picture nor a text to classify; give one of them or both.");
        }

        if (options.Modalities == InputModalities.Image && !hasPicture)
        {
            throw new ProductInputException("This model was trained on pictures only; give a picture.");
        }

        if (options.Modalities == InputModalities.Text && !hasText)
        {
            throw new ProductInputException("This model was trained on texts only; give a text.");
        }
    }
}
