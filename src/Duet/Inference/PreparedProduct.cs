// A product as arrays, before it becomes a batch.
using Duet.Data;

namespace Duet.Inference;

/// <summary>One product's pixels and token ids.</summary>
/// <param name="Picture">Decoded, or being decoded; null where there is no picture.</param>
/// <param name="Tokens">Token ids without padding; those of the empty text where there is none.</param>
/// <param name="HasText">Whether there is a text.</param>
/// <param name="Truncated">Whether a part of the text did not fit.</param>
internal sealed record PreparedProduct(Task<PreparedPicture>? Picture, ReadOnlyMemory<int> Tokens, bool HasText, bool Truncated)
{
    /// <summary>The picture's bytes, waited for; null where there is no picture.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged.</exception>
    public byte[]? Pixels => Picture?.GetAwaiter().GetResult().Pixels;

    /// <summary>How many times the picture was enlarged, waited for; 1 where it was not, or there is none.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged.</exception>
    public float Enlargement => Picture?.GetAwaiter().GetResult().Enlargement ?? 1;

    /// <summary>The ids of its features' values.</summary>
    public int[] Features { get; init; } = [];

    /// <summary>The further pieces of a long text that is read in pieces.</summary>
    public IReadOnlyList<ReadOnlyMemory<int>> FurtherTokens { get; init; } = [];
}
