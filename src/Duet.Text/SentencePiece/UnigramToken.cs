// One token of a unigram vocabulary.
namespace Duet.Text;

/// <summary>A token of a unigram vocabulary.</summary>
/// <param name="Text">Its spelling.</param>
/// <param name="Score">Its log-probability.</param>
/// <param name="Kind">What it is for.</param>
internal sealed record UnigramToken(string Text, float Score, UnigramTokenKind Kind);
