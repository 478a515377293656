// How many texts were longer than a model's context, and what became of them.
using System.Globalization;
using Duet.Text;

namespace Duet.Data;

/// <summary>The count of long texts of a job.</summary>
/// <param name="Choice">What is done with long texts.</param>
/// <param name="ContextLength">The model's tokens per text.</param>
/// <param name="Long">Texts that did not fit one row.</param>
/// <param name="Truncated">Texts of which a part was not read.</param>
public readonly record struct LongTextCount(LongText Choice, int ContextLength, long Long, long Truncated)
{
    /// <summary>One sentence for people; null where every text fitted.</summary>
    public string? Sentence =>
        Long == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Long} {(Long == 1 ? "text is" : "texts are")} longer than the model's {ContextLength} tokens; {Fate}."
            );

    private string Fate =>
        Choice switch
        {
            LongText.HeadTail => "the middle was not read",
            LongText.Chunk when Truncated > 0 => string.Create(
                CultureInfo.InvariantCulture,
                $"read in pieces, {Truncated} of them not to their end"
            ),
            LongText.Chunk => "read in pieces",
            _ => "the end was not read (--long-text head-tail or chunk reads more)",
        };
}
