// Turns products' texts, features and labels into numbers.
using Duet.Text;

namespace Duet.Data;

/// <summary>Encodes products for a model's tokenizer and tasks, and counts what was lost on the way. Safe to use from many
/// threads.</summary>
public sealed class ProductEncoder
{
    private long _truncated;
    private long _tooLong;

    /// <summary>Creates an encoder.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="schema">The model's tasks, or <c>null</c> to leave labels out.</param>
    /// <param name="options">Context length and what to do with longer texts.</param>
    /// <param name="features">The model's features, or <c>null</c> for none.</param>
    /// <exception cref="TableException">An option is out of range.</exception>
    public ProductEncoder(ITokenizer tokenizer, TaskSchema? schema, EncodingOptions options, FeatureSchema? features = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Tokenizer, Schema, Options, Features) = (tokenizer, schema, options, features ?? FeatureSchema.None);
    }

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The tasks, or <c>null</c>.</summary>
    public TaskSchema? Schema { get; }

    /// <summary>The features.</summary>
    public FeatureSchema Features { get; }

    /// <summary>Context length and what to do with longer texts.</summary>
    public EncodingOptions Options { get; }

    /// <summary>How many texts did not fit and were cut.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncated);

    /// <summary>How many texts did not fit one row, and what became of them.</summary>
    public LongTextCount LongTexts => new(Options.LongText, Options.ContextLength, Interlocked.Read(ref _tooLong), TruncatedTexts);

    /// <summary>The labels that are not classes of their task.</summary>
    public UnseenLabels UnseenLabels { get; } = new();

    /// <summary>The values of features that training never had; they count as unknown.</summary>
    public UnseenLabels UnseenFeatures { get; } = new();

    /// <summary>Encodes a product's text and features alone, and counts nothing.</summary>
    internal static EncodedProduct Encode(
        Product product,
        ITokenizer tokenizer,
        EncodingOptions options,
        FeatureSchema features,
        UnseenLabels? unseen = null
    )
    {
        var rows = Rows(tokenizer, product.HasText ? product.Text : string.Empty, options);
        return new EncodedProduct(product, rows[0].Ids[..rows[0].Length])
        {
            Truncated = rows[0].Truncated,
            FurtherTokens = [.. rows.Skip(1).Select(row => row.Ids[..row.Length])],
            Features = features.Encode(product.Features, unseen),
        };
    }

    internal EncodedProduct Encode(Product product)
    {
        var encoded = Encode(product, Tokenizer, Options, Features, UnseenFeatures);
        Count(encoded);

        var tasks = Schema?.Tasks ?? [];
        var classes = new int[tasks.Count];
        var many = new int[]?[tasks.Count];
        Array.Fill(classes, TaskSchema.Missing);

        // A table read for prediction has no labels at all.
        for (var i = 0; i < tasks.Count && product.Labels.Count > 0; i++)
        {
            if (tasks[i].Kind == TaskKind.SingleLabel)
            {
                classes[i] = Schema!.Encode(i, product.Labels[i], UnseenLabels);
            }
            else
            {
                many[i] = Schema!.EncodeMany(i, product.Labels[i], UnseenLabels);
            }
        }

        return encoded with
        {
            Classes = classes,
            ManyClasses = many,
        };
    }

    /// <summary>A text as one row, or as several where it is long and read in pieces.</summary>
    internal static IReadOnlyList<EncodedText> Rows(ITokenizer tokenizer, string text, EncodingOptions options) =>
        options.LongText == LongText.Chunk
            ? tokenizer.EncodeChunks(text, options.ContextLength)
            : [tokenizer.Encode(text, options.ContextLength, options.LongText)];

    private void Count(EncodedProduct product)
    {
        if (product.Truncated)
        {
            Interlocked.Increment(ref _truncated);
        }

        if (product.Truncated || product.FurtherTokens.Count > 0)
        {
            Interlocked.Increment(ref _tooLong);
        }
    }
}
