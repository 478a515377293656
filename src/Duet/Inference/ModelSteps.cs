// The two steps of an answer apart, for programs that make batches of their own, as servers do.
namespace Duet.Inference;

/// <summary>
/// Prepares products as they arrive, and answers many prepared ones in one forward pass. <see cref="DuetModel.Classify(ProductInput)"/> is
/// both steps in one. Safe to use from many threads.
/// </summary>
/// <param name="model">The model; it must outlive the steps.</param>
public sealed class ModelSteps(DuetModel model)
{
    /// <summary>Decodes the picture and reads the text of a product.</summary>
    /// <param name="product">Pictures and texts.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged; the message names it.</exception>
    /// <exception cref="ProductInputException">There is nothing that the model looks at, or a feature that it does not have.</exception>
    public ReadyProduct Prepare(ProductInput product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return new ReadyProduct(model.Preparation.Prepare(product));
    }

    /// <summary>Answers products in one forward pass.</summary>
    /// <param name="products">Products that <see cref="Prepare"/> of the same model gave.</param>
    /// <param name="embeddings">Whether embeddings are wanted as well.</param>
    /// <returns>The answers, in the order of the products.</returns>
    /// <exception cref="RunException">The model's output is not a number.</exception>
    public IReadOnlyList<ReadyAnswer> Answer(IReadOnlyList<ReadyProduct> products, bool embeddings = false)
    {
        ArgumentNullException.ThrowIfNull(products);
        if (products.Count == 0)
        {
            return [];
        }

        var batch = model.Preparation.Batch([.. products.Select(product => product.Prepared)]);
        var result = model.Compute(batch, embeddings);
        return
        [
            .. products.Select(
                (product, row) =>
                    new ReadyAnswer(model.Answer(result, row) with { TextTruncated = product.Prepared.Truncated })
                    {
                        Tokens = product.Prepared.TokenIds.Length + product.Prepared.FurtherTokens.Sum(tokens => tokens.Length),
                        Joint = embeddings ? Row(result.Joint, row, products.Count) : null,
                        Image =
                            embeddings && model.Forward.Sees(product.HasPicture, picture: true)
                                ? Row(result.Image, row, products.Count)
                                : null,
                        Text =
                            embeddings && model.Forward.Sees(product.HasText, picture: false)
                                ? Row(result.Text, row, products.Count)
                                : null,
                    }
            ),
        ];
    }

    private static float[]? Row(float[]? values, int row, int rows)
    {
        var width = (values?.Length ?? 0) / rows;
        return values?[(row * width)..((row + 1) * width)];
    }
}
