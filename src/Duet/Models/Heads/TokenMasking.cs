// Masking words for masked language modelling.
using Duet.Torch;

namespace Duet.Models.Heads;

/// <summary>
/// BERT's masking (Devlin et al., arXiv 1810.04805, section 3.1): 15 % of a text's words are chosen; of these 80 % become [MASK], 10 % another
/// word, 10 % stay. Draws come from libtorch's generator, so they are part of a checkpoint.
/// </summary>
/// <param name="Tokens">The text with masked words, <c>[B, L]</c>.</param>
/// <param name="Chosen">True where a word was chosen, <c>[B, L]</c>.</param>
public sealed record TokenMasking(Tensor Tokens, Tensor Chosen)
{
    private const double ChosenShare = 0.15;
    private const double MaskShare = 0.8;
    private const double RandomShareOfRest = 0.5;
    private const double PriorityWeight = 100;

    /// <summary>Masks words of every text: at least one each, at most <paramref name="most"/>.</summary>
    /// <param name="tokens">Ids, <c>[B, L]</c>.</param>
    /// <param name="content">True where a word stands, <c>[B, L]</c>.</param>
    /// <param name="context">The vocabulary.</param>
    /// <param name="priority">1 for words that shall be masked first, <c>[B, L]</c>; null for none.</param>
    /// <param name="most">The most words of a text; EasyTransfer masks at most 10.</param>
    public static TokenMasking Draw(Tensor tokens, Tensor content, ModelContext context, Tensor? priority = null, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(context);
        var shape = tokens.Shape;
        var counts = (content.To(ScalarType.Float32).Sum(1, keepDimension: true) * ChosenShare).Clamp(1, most);
        var chosen = First(content, priority).Less(counts).And(content);
        var masked = chosen.And(Coin(shape, MaskShare, tokens.Device));
        var random = chosen.And(masked.Not()).And(Coin(shape, RandomShareOfRest, tokens.Device));
        return new(tokens.MaskedFill(masked, context.MaskId).Where(random.Not(), Words(shape, context, tokens.Device)), chosen);
    }

    /// <summary>A random order of candidates, those with priority first: rank 0 is the first, <c>[B, N]</c>.</summary>
    /// <param name="candidates">True where a candidate is, <c>[B, N]</c>; the others come last.</param>
    /// <param name="priority">1 for those that come first, <c>[B, N]</c>; null for none.</param>
    public static Tensor First(Tensor candidates, Tensor? priority = null)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var keys = Tensor.Normal(candidates.Shape, device: candidates.Device);
        keys = priority is null ? keys : keys + (priority.To(ScalarType.Float32) * PriorityWeight);
        var order = keys.MaskedFill(candidates.Not(), double.NegativeInfinity).Sort(-1, descending: true).Indices;
        return order.Sort().Indices;
    }

    /// <summary>True with a probability, anywhere.</summary>
    public static Tensor Coin(ReadOnlySpan<long> shape, double probability, Device device)
        => Tensor.Full(shape, probability, device: device).Bernoulli().Greater(0.5);

    /// <summary>The masked-language loss: meaned over the chosen words, 0 where there is none.</summary>
    /// <param name="hidden">States of the text's positions, <c>[B, L, D]</c>.</param>
    /// <param name="original">The text before masking, <c>[B, L]</c>.</param>
    /// <param name="decode">The head: <c>[N, D] -> [N, V]</c>.</param>
    /// <param name="rows">Texts that count, <c>[B]</c> boolean; null for all.</param>
    public Tensor Loss(Tensor hidden, Tensor original, Func<Tensor, Tensor> decode, Tensor? rows = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(decode);
        var counted = rows is null ? Chosen : Chosen.And(rows.Unsqueeze(1));
        var places = counted.Reshape(-1).NonZero().Reshape(-1);
        var logits = decode(hidden.Flatten(0, 1).IndexSelect(0, places)).To(ScalarType.Float32);
        return PretrainingLosses.MaskedLanguage(
            logits, original.Reshape(-1).IndexSelect(0, places), Tensor.Ones([places.Size(0)], ScalarType.Float32, hidden.Device));
    }

    private static Tensor Words(long[] shape, ModelContext context, Device device)
        => Tensor.Ones([1, context.VocabularySize], device: device).Multinomial(shape[0] * shape[1]).Reshape(shape);
}
