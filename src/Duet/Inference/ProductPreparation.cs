// The short way from a product to a batch: no tables, no loader threads.
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

    /// <summary>Prepares one product.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture cannot be used.</exception>
    /// <exception cref="ProductInputException">There is nothing that the model looks at.</exception>
    public PreparedProduct Prepare(ProductInput product) => Prepare(product, picture => Task.FromResult(Decode(picture)));

    /// <summary>Prepares one product whose picture is decoded on another core meanwhile: whoever reads the pixels waits for it, and gets
    /// its errors.</summary>
    /// <exception cref="ProductInputException">There is nothing that the model looks at.</exception>
    public PreparedProduct Begin(ProductInput product) => Prepare(product, picture => Task.Run(() => Decode(picture)));

    private PreparedProduct Prepare(ProductInput product, Func<ProductPicture, Task<PreparedPicture>> decode)
    {
        var text =
            product.Texts.Count == 1 ? product.Texts[0] : string.Join(' ', product.Texts.Where(part => !string.IsNullOrWhiteSpace(part)));
        var hasText = !string.IsNullOrWhiteSpace(text);
        Refuse(product.Pictures.Count > 0, hasText);

        // A text-only ablation need not even open the file.
        var picture = product.Pictures.Count == 0 || options.Modalities == InputModalities.Text ? null : decode(product.Pictures[0]);
        var rows = ProductEncoder.Rows(tokenizer, hasText ? text : string.Empty, _encoding);
        return new PreparedProduct(picture, rows[0].Ids.AsMemory(0, rows[0].Length), hasText, rows[0].Truncated)
        {
            FurtherTokens = [.. rows.Skip(1).Select(row => (ReadOnlyMemory<int>)row.Ids.AsMemory(0, row.Length))],
            Features = _features.Encode(Arrange(product.Features)),
        };
    }

    /// <summary>Prepares several products on all cores.</summary>
    public PreparedProduct[] PrepareMany(IReadOnlyList<ProductInput> products, CancellationToken cancellation)
    {
        var prepared = new PreparedProduct[products.Count];
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

    /// <summary>Puts products together, as wide as the longest text.</summary>
    public HostBatch Batch(IReadOnlyList<PreparedProduct> products)
    {
        var length = products.Max(product => product.Tokens.Length);
        var picture = 3 * _pictures.Size * _pictures.Size;
        var ids = new long[products.Count * length];
        Array.Fill(ids, tokenizer.PaddingId);
        for (var row = 0; row < products.Count; row++)
        {
            var tokens = products[row].Tokens.Span;
            for (var i = 0; i < tokens.Length; i++)
            {
                ids[(row * length) + i] = tokens[i];
            }
        }

        var alone = products is [{ Picture: { } only }] ? only : null;
        return new HostBatch(alone ?? Task.FromResult(new PreparedPicture(Pixels(products, picture), 1)))
        {
            Count = products.Count,
            ImageSize = _pictures.Size,
            ContextLength = length,
            TokenIds = ids,
            TextLengths = [.. products.Select(product => product.Tokens.Length)],
            ImagePresent = [.. products.Select(product => product.Picture is not null)],
            Enlargements = alone is null ? [.. products.Select(product => product.Enlargement)] : [],
            TextPresent = [.. products.Select(product => product.HasText)],
            Features = [.. products.SelectMany(product => product.Features.Select(id => (long)id))],
            Labels = [],
            Rows = [.. Enumerable.Range(1, products.Count).Select(row => (long)row)],
            Ids = [.. Enumerable.Range(1, products.Count).Select(row => row.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            FurtherTexts = [.. products.SelectMany((product, row) => product.FurtherTokens.Select(tokens => new TextChunk(row, tokens)))],
            PaddingId = tokenizer.PaddingId,
        };
    }

    private static byte[] Pixels(IReadOnlyList<PreparedProduct> products, int picture)
    {
        var pixels = new byte[checked(products.Count * picture)];
        for (var row = 0; row < products.Count; row++)
        {
            products[row].Pixels?.CopyTo(pixels.AsSpan(row * picture));
        }

        return pixels;
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
