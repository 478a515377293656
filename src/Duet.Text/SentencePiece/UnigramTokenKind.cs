// The kinds of tokens in a unigram vocabulary.
namespace Duet.Text;

/// <summary>What a token of a unigram vocabulary is for.</summary>
internal enum UnigramTokenKind
{
    /// <summary>Found in texts, weighed by its score.</summary>
    Normal,

    /// <summary>Found in texts before all others.</summary>
    UserDefined,

    /// <summary>Never found in texts: start, end, padding, mask, unknown.</summary>
    Special,

    /// <summary>A single byte of an unknown character.</summary>
    Byte,
}
