// The settings of caption generation.

namespace Duet.Models.Generation;

/// <summary>How captions are written.</summary>
/// <param name="StartId">The id every caption begins with.</param>
/// <param name="EndId">The id that ends a caption.</param>
/// <param name="PaddingId">The id after the end.</param>
/// <param name="MaximumLength">The most tokens of a caption, start and end included.</param>
public sealed record CaptionOptions(int StartId, int EndId, int PaddingId, int MaximumLength)
{
    /// <summary>How the next token is chosen.</summary>
    public DecodingMethod Method { get; init; } = DecodingMethod.Greedy;

    /// <summary>The end token is forbidden while the caption, start included, has fewer tokens than this.</summary>
    public int MinimumLength { get; init; }

    /// <summary>Candidates kept per caption by beam search.</summary>
    public int Beams { get; init; } = 4;

    /// <summary>Beam search divides a candidate's log-probability by its number of generated tokens to this power: 0 favours short
    /// captions.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>The probability that the set of tokens to draw from holds at least.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Divides the logits before a draw; below 1 is bolder, above 1 more varied.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The seed of the draws.</summary>
    public int Seed { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        OptionException.Require(nameof(MaximumLength), MaximumLength, 2, 8192, "a caption has at least a start and an end");
        OptionException.Require(nameof(MinimumLength), MinimumLength, 0, MaximumLength, "a caption cannot be longer than its maximum");
        OptionException.Require(nameof(Beams), Beams, 1, 256, "each beam is a row of the batch");
        OptionException.Require(nameof(LengthPenalty), LengthPenalty, -10, 10, "it is a power of the caption's length");
        OptionException.Require(nameof(TopP), TopP, 1e-6, 1, "it is a probability above zero");
        OptionException.Require(nameof(Temperature), Temperature, 1e-3, 1000, "logits are divided by it");
    }
}

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
