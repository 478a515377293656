// How products become numbers.
using Duet.Text;

namespace Duet.Data;

/// <summary>How texts are encoded.</summary>
public sealed record EncodingOptions
{
    /// <summary>Tokens per text, L, start and end included. Default 77, as in CLIP; from 2 to 4,096.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>What to do with longer texts.</summary>
    public LongText LongText { get; init; } = LongText.Head;

    /// <summary>Whether a batch is only as wide as its longest text. Saves time where titles are short; results differ by rounding
    /// only.</summary>
    public bool TrimToLongest { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="TableException">The context length is out of range.</exception>
    public void Validate()
    {
        if (ContextLength is < 2 or > 4096)
        {
            throw new TableException($"ContextLength is {ContextLength}; it must be between 2 (start and end) and 4096 tokens.");
        }
    }
}
