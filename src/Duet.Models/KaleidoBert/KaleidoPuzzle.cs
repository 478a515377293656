// One draw of Kaleido-BERT's five pretext tasks.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The changed patches of a batch and what was done to them (Zhuge et al., arXiv 2103.16110, section 3.3).</summary>
/// <param name="Patches">The five levels one after another, then the greyed patches in colour, <c>[B, 55 + N, 3, P, P]</c>.</param>
/// <param name="RotationLabels">Quarter turns of the first level, <c>[B]</c>.</param>
/// <param name="JigsawLabels">Orders of the second level, <c>[B]</c>.</param>
/// <param name="CamouflageLabels">The foreign patch of the third level, <c>[B]</c>; null where a single picture has none to borrow
/// from.</param>
/// <param name="GreyPlaces">The greyed patches of the fourth level, <c>[B, N]</c>.</param>
/// <param name="BlankPlaces">The patches of the fifth level whose features are to be zeroed, <c>[B, M]</c>.</param>
public sealed record KaleidoPuzzle(
    Tensor Patches,
    Tensor RotationLabels,
    Tensor JigsawLabels,
    Tensor? CamouflageLabels,
    Tensor GreyPlaces,
    Tensor BlankPlaces
)
{
    private const int Turns = 4;

    /// <summary>Draws the tasks. Levels 1 and 2 are never masked; level 3 has one foreign patch.</summary>
    /// <param name="pixels">Pictures, <c>[B, 3, S, S]</c>.</param>
    /// <param name="guide">Chooses the patches of levels 3 to 5.</param>
    /// <param name="options">Patch size and counts.</param>
    public static KaleidoPuzzle Draw(Tensor pixels, AlignmentGuidedMasking guide, KaleidoBertOptions options)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(guide);
        ArgumentNullException.ThrowIfNull(options);
        var levels = Cut(pixels, options.PatchSize);
        var turns = Classes(pixels, Turns);
        var orders = Classes(pixels, KaleidoPatches.OrderCount);
        var foreign = pixels.size(0) < 2 ? null : guide.ChoosePatches(3, 1);
        var grey = guide.ChoosePatches(4, options.GreyPatches);
        var blank = guide.ChoosePatches(5, options.BlankPatches);
        var patches = cat(
            [
                KaleidoPatches.Rotate(levels[0], turns),
                KaleidoPatches.Shuffle(levels[1], orders),
                foreign is null ? levels[2] : KaleidoPatches.Camouflage(levels[2], foreign),
                KaleidoPatches.Grey(levels[3], grey, options),
                levels[4],
                KaleidoPatches.Pick(levels[3], grey),
            ],
            1
        );
        return new(patches, turns, orders, foreign?.squeeze(1), grey, blank);
    }

    /// <summary>The five levels one after another, nothing changed: <c>[B, 55, 3, P, P]</c>.</summary>
    /// <param name="pixels">Pictures, <c>[B, 3, S, S]</c>.</param>
    /// <param name="patchSize">A patch's side in pixels.</param>
    public static Tensor Whole(Tensor pixels, int patchSize) => cat(Cut(pixels, patchSize), 1);

    private static Tensor[] Cut(Tensor pixels, int patchSize) =>
        [.. Enumerable.Range(1, KaleidoPatches.Levels).Select(grid => KaleidoPatches.Cut(pixels, grid, patchSize))];

    private static Tensor Classes(Tensor pixels, int count) =>
        ones([pixels.size(0), count], device: pixels.device).multinomial(1, replacement: true).squeeze(1);
}
