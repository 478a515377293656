// Pictures exchanged between products, to learn what belongs together.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>Half of the pictures of a batch replaced by another product's: the negatives of image-text matching.</summary>
/// <param name="Partner">For every row whose picture it shows, <c>[B]</c> int64.</param>
/// <param name="Matches">True where the row shows its own picture, <c>[B]</c> boolean.</param>
public sealed record MatchingPairs(Tensor Partner, Tensor Matches)
{
    private const double SwapShare = 0.5;

    /// <summary>Draws which rows show the next row's picture; a single row shows its own.</summary>
    public static MatchingPairs Draw(long rows, Device device)
    {
        var own = Tensors.Range(0, rows, device: device);
        var next = rows < 2 ? own : cat([own.narrow(0, 1, rows - 1), own.narrow(0, 0, 1)], 0);
        var matches = rows < 2 ? own.eq(own) : TokenMasking.Coin([rows], SwapShare, device).logical_not();
        return new(own.where(matches, next), matches);
    }

    /// <summary>The two-way cross-entropy of matching: class 1 is "belongs together".</summary>
    /// <param name="logits"><c>[B, 2]</c>.</param>
    public Tensor Loss(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return Functional.CrossEntropy(logits.to(ScalarType.Float32), Matches.to(ScalarType.Int64));
    }
}
