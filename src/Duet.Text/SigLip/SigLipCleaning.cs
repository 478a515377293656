// The ways in which SigLIP's texts are cleaned.
namespace Duet.Text;

/// <summary>Whose cleaning comes before SigLIP's vocabulary. Weights go with the one they were trained with.</summary>
public enum SigLipCleaning
{
    /// <summary>Hugging Face's <c>SiglipTokenizer</c>: lower case, ASCII punctuation deleted; special tokens in a text count.</summary>
    HuggingFace,

    /// <summary>open_clip's <c>canonicalize</c>: damaged text is repaired and HTML references are resolved first, and <c>_</c> becomes a
    /// blank.</summary>
    OpenClip,
}
