// Masking words for masked language modelling.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>
/// BERT's masking (Devlin et al., arXiv 1810.04805, section 3.1): 15 % of a text's words are chosen; of these 80 % become [MASK], 10 %
/// another word, 10 % stay. Draws come from libtorch's generator, so they are part of a checkpoint.
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
    /// <param name="content">True where there is a word, <c>[B, L]</c>.</param>
    /// <param name="context">The vocabulary.</param>
    /// <param name="priority">1 for words to be masked first, <c>[B, L]</c>; null for none.</param>
    /// <param name="most">The most words of a text; EasyTransfer masks at most 10.</param>
    public static TokenMasking Draw(Tensor tokens, Tensor content, ModelContext context, Tensor? priority = null, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(context);
        var shape = tokens.shape;
        var counts = (content.to(ScalarType.Float32).sum(1, keepdim: true).Times(ChosenShare)).Clamp(1, most);
        var chosen = First(content, priority).lt(counts).logical_and(content);
        var masked = chosen.logical_and(Coin(shape, MaskShare, tokens.device));
        var random = chosen.logical_and(masked.logical_not()).logical_and(Coin(shape, RandomShareOfRest, tokens.device));
        return new(tokens.MaskedFill(masked, context.MaskId).where(random.logical_not(), Words(shape, context, tokens.device)), chosen);
    }

    /// <summary>A random order of candidates, those with priority first: rank 0 is the first, <c>[B, N]</c>.</summary>
    /// <param name="candidates">True where a candidate is, <c>[B, N]</c>; the others come last.</param>
    /// <param name="priority">1 for those that come first, <c>[B, N]</c>; null for none.</param>
    public static Tensor First(Tensor candidates, Tensor? priority = null)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var keys = Tensors.Normal(candidates.shape, device: candidates.device);
        keys = priority is null ? keys : keys.Plus(priority.to(ScalarType.Float32).Times(PriorityWeight));
        var order = keys.MaskedFill(candidates.logical_not(), double.NegativeInfinity).sort(-1, descending: true).Indices;
        return order.sort().Indices;
    }

    /// <summary>True with a probability, anywhere.</summary>
    public static Tensor Coin(ReadOnlySpan<long> shape, double probability, Device device) =>
        Tensors.Full(shape, probability, device: device).bernoulli().GreaterThan(0.5);

    /// <summary>The masked-language loss: averaged over the chosen words, 0 where there is none.</summary>
    /// <param name="hidden">States of the text's positions, <c>[B, L, D]</c>.</param>
    /// <param name="original">The text before masking, <c>[B, L]</c>.</param>
    /// <param name="decode">The head: <c>[N, D] -> [N, V]</c>.</param>
    /// <param name="rows">Texts that count, <c>[B]</c> boolean; null for all.</param>
    public Tensor Loss(Tensor hidden, Tensor original, Func<Tensor, Tensor> decode, Tensor? rows = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(decode);
        var counted = rows is null ? Chosen : Chosen.logical_and(rows.unsqueeze(1));
        var places = counted.reshape(-1).nonzero().reshape(-1);
        var logits = decode(hidden.flatten(0, 1).index_select(0, places)).to(ScalarType.Float32);
        return PretrainingLosses.MaskedLanguage(
            logits,
            original.reshape(-1).index_select(0, places),
            ones([places.size(0)], dtype: ScalarType.Float32, device: hidden.device)
        );
    }

    private static Tensor Words(long[] shape, ModelContext context, Device device) =>
        ones([1, context.VocabularySize], device: device).multinomial(shape[0] * shape[1], replacement: true).reshape(shape);
}
