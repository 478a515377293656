// Which words and patches are masked first.
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Kaleido-BERT's alignment-guided masking (Zhuge et al., arXiv 2103.16110, section 3.2): of an aligned pair of word and patch one, chosen
/// by a coin, is masked first; where there are too few pairs, masking is random.
/// </summary>
public sealed class AlignmentGuidedMasking
{
    private readonly Tensor? _scores;
    private readonly Tensor _words;
    private readonly int _side;

    /// <summary>Begins the masking of a batch.</summary>
    /// <param name="scores">Alignment, <c>[B, L, G * G]</c>; null for random masking.</param>
    /// <param name="words">True where there is a word and its picture belongs to it, <c>[B, L]</c>.</param>
    public AlignmentGuidedMasking(Tensor? scores, Tensor words)
    {
        ArgumentNullException.ThrowIfNull(words);
        (_scores, _words) = (scores, words);
        _side = scores is null ? 0 : (int)Math.Round(Math.Sqrt(scores.size(2)));
        if (scores is not null && (long)_side * _side != scores.size(2))
        {
            throw new ArgumentException($"An alignment over {scores.size(2)} cells is not a square grid.", nameof(scores));
        }
    }

    /// <summary>Words to be masked first so far, 1 or 0, <c>[B, L]</c>; null where there is no alignment.</summary>
    public Tensor? WordPriority { get; private set; }

    /// <summary>Chooses patches of one level.</summary>
    /// <param name="grid">Rows and columns of the level.</param>
    /// <param name="count">The number N of patches.</param>
    /// <returns>Their places in the level, all different, <c>[B, N]</c> int64.</returns>
    public Tensor ChoosePatches(int grid, int count)
    {
        var cells = ones([_words.size(0), grid * grid], dtype: ScalarType.Bool, device: _words.device);
        var order = TokenMasking.First(cells, PatchPriority(grid)).sort().Indices;
        return order.narrow(1, 0, count);
    }

    private Tensor? PatchPriority(int grid)
    {
        if (_scores is null)
        {
            return null;
        }

        // Every word's best patch of this level makes a pair; a coin says which of the two is masked.
        var (batch, length) = (_scores.size(0), _scores.size(1));
        var pooled = nn.functional.adaptive_avg_pool2d(_scores.reshape(batch, length, _side, _side), [grid, grid]).flatten(2);
        var best = nn.functional.one_hot(pooled.argmax(2), grid * grid).to(ScalarType.Float32);
        var patchLoses = TokenMasking.Coin([batch, length], 0.5, _words.device);
        var byWord = _words.logical_and(patchLoses.logical_not()).to(ScalarType.Float32);
        WordPriority = WordPriority is null ? byWord : (WordPriority.Plus(byWord)).Clamp(0, 1);
        return (best * _words.logical_and(patchLoses).to(ScalarType.Float32).unsqueeze(-1)).sum(1).Clamp(0, 1);
    }
}
