// The settings of training a byte-level BPE vocabulary.
namespace Duet.Text;

/// <summary>What vocabulary <see cref="BpeTrainer"/> makes.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>The smallest vocabulary: the byte symbols, the same at a word's end, and the two special tokens.</summary>
    public const int SmallestVocabulary = 514;

    /// <summary>
    /// The number of token ids wanted, from 514 to 1,048,576; 49,408 is CLIP's. Fewer result where the texts do not hold enough frequent
    /// pairs.
    /// </summary>
    public int VocabularySize { get; init; } = 16384;

    /// <summary>
    /// How often a pair must occur to be merged; at least 1. A pair seen once teaches the model nothing, so the default is 2.
    /// </summary>
    public int MinimumPairFrequency { get; init; } = 2;

    /// <summary>The longest word that is counted, in bytes, from 2 to 1024. Longer ones are mostly keys and links.</summary>
    public int LongestWord { get; init; } = 64;

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    public void Validate()
    {
        VocabularyChecks.InRange(VocabularySize, SmallestVocabulary, VocabularyChecks.LargestVocabulary, nameof(VocabularySize));
        VocabularyChecks.InRange(MinimumPairFrequency, 1, int.MaxValue, nameof(MinimumPairFrequency));
        VocabularyChecks.InRange(LongestWord, 2, 1024, nameof(LongestWord));
    }
}
