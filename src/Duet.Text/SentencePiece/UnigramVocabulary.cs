// The contents of a unigram model file, in token id order.
namespace Duet.Text;

/// <summary>A unigram vocabulary and its special ids.</summary>
internal sealed record UnigramVocabulary(
    IReadOnlyList<UnigramToken> Tokens,
    int StartId,
    int PaddingId,
    int EndId,
    int UnknownId,
    int MaskId,
    SentencePieceNormalizer Normalizer
);
