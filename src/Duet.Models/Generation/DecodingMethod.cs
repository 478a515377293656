// How a caption is chosen.
namespace Duet.Models.Generation;

/// <summary>How the next token is chosen while a caption is written.</summary>
public enum DecodingMethod
{
    /// <summary>The most likely token at every step.</summary>
    Greedy,

    /// <summary>The most likely sequence among a beam of candidates (length-normalised, Wu et al., arXiv 1609.08144, section 7).</summary>
    Beam,

    /// <summary>A draw from the smallest set of tokens that holds a given probability (nucleus sampling, Holtzman et al., arXiv
    /// 1904.09751).</summary>
    TopP,
}
