// The settings of training a WordPiece vocabulary.
namespace Duet.Text;

/// <summary>What vocabulary <see cref="WordPieceTrainer"/> makes.</summary>
public sealed record WordPieceTrainerOptions
{
    /// <summary>
    /// The number of token ids wanted, from 16 to 1,048,576; 30,522 is BERT's. Fewer result where the texts do not hold enough frequent
    /// pairs.
    /// </summary>
    public int VocabularySize { get; init; } = 16384;

    /// <summary>How often a pair must occur to be merged; at least 1.</summary>
    public int MinimumPairFrequency { get; init; } = 2;

    /// <summary>How many different characters get a token, the most frequent first, from 1 to 65,536; words with others become
    /// unknown.</summary>
    public int AlphabetSize { get; init; } = 1000;

    /// <summary>How texts are prepared, in training and after.</summary>
    public WordPieceOptions Text { get; init; } = new();

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    public void Validate()
    {
        VocabularyChecks.InRange(VocabularySize, 16, VocabularyChecks.LargestVocabulary, nameof(VocabularySize));
        VocabularyChecks.InRange(MinimumPairFrequency, 1, int.MaxValue, nameof(MinimumPairFrequency));
        VocabularyChecks.InRange(AlphabetSize, 1, 65536, nameof(AlphabetSize));
        Text.Validate();
    }
}
