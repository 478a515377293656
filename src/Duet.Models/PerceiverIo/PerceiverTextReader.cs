// Token ids as vectors with learned positions, for a Perceiver.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Token and position vectors, added. Parameters: <c>token_embedding</c>, <c>position_embedding</c>.</summary>
public sealed class PerceiverTextReader : Module
{
    private readonly Embedding _tokens;
    private readonly Embedding _positions;

    /// <summary>Creates the reader.</summary>
    /// <param name="vocabulary">Number of token ids.</param>
    /// <param name="length">Most tokens of a text.</param>
    /// <param name="width">Channels of a token.</param>
    public PerceiverTextReader(long vocabulary, long length, long width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Length, Width) = (length, width);
        _tokens = Add("token_embedding", new Embedding(vocabulary, width));
        _positions = Add("position_embedding", new Embedding(length, width));
    }

    /// <summary>The token vectors.</summary>
    public Embedding TokenVectors => _tokens;

    /// <summary>Most tokens of a text.</summary>
    public long Length { get; }

    /// <summary>Channels of a token.</summary>
    public long Width { get; }

    /// <summary>Ids <c>[B, L]</c> (int64) to vectors <c>[B, L, width]</c>.</summary>
    /// <exception cref="ArgumentException">L is more than the reader has positions for.</exception>
    public Tensor Forward(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var length = tokens.size(1);
        if (length > Length)
        {
            throw new ArgumentException(
                $"{length} tokens are more than this model's {Length} positions; cut the texts when they are tokenized.",
                nameof(tokens)
            );
        }

        return _tokens.Forward(tokens).Plus(_positions.Weight.narrow(0, 0, length));
    }
}
