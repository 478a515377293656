// What a model must know about the data it is built for.
using Duet.Data;
using Duet.Text;

namespace Duet.Models;

/// <summary>The tasks and the vocabulary that a model is built for.</summary>
/// <param name="Tasks">The tasks, in the order of the logits.</param>
/// <param name="VocabularySize">The number of token ids.</param>
/// <param name="PaddingId">The id after a text's end.</param>
/// <param name="EndId">The id at a text's end.</param>
/// <param name="MaskId">The mask token's id, or -1.</param>
public sealed record ModelContext(IReadOnlyList<TaskDefinition> Tasks, int VocabularySize, int PaddingId, int EndId, int MaskId)
{
    /// <summary>The id before a text; -1 where the tokenizer puts none there.</summary>
    public int StartId { get; init; } = PaddingId;

    /// <summary>The features it gets beside picture and text; empty for none.</summary>
    public IReadOnlyList<FeatureDefinition> Features { get; init; } = [];

    /// <summary>The context of a schema and a tokenizer.</summary>
    /// <param name="schema">The tasks.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="features">The features; null for none.</param>
    public static ModelContext From(TaskSchema schema, ITokenizer tokenizer, FeatureSchema? features = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new ModelContext(schema.Tasks, tokenizer.VocabularySize, tokenizer.PaddingId, tokenizer.EndId, tokenizer.MaskId)
        {
            StartId = tokenizer.StartId,
            Features = features?.Features ?? [],
        };
    }
}
