// Cuts pictures into Kaleido-BERT's five grids and changes patches for its tasks.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The patches of Kaleido-BERT (Zhuge et al., arXiv 2103.16110, section 3.1) on tensors: 1x1 to 5x5 cells of one size in pixels, and what
/// the pretext tasks do to them (section 3.3). The paper first cuts the product out with a segmentation network; catalogue pictures show it
/// whole.
/// </summary>
public static class KaleidoPatches
{
    /// <summary>The number of levels; level k, from 1, has k x k patches.</summary>
    public const int Levels = 5;

    private static readonly int[][] JigsawOrders = Orders(4);

    /// <summary>The number of orders of four patches.</summary>
    public static int OrderCount => JigsawOrders.Length;

    /// <summary>One level's patches: <c>[B, 3, S, S] -> [B, k k, 3, P, P]</c>, row by row.</summary>
    /// <param name="pixels">Pictures.</param>
    /// <param name="grid">Rows and columns k.</param>
    /// <param name="size">A patch's side P in pixels; the picture is resized to k P.</param>
    public static Tensor Cut(Tensor pixels, int grid, int size)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var side = grid * size;

        // Means of cells where the picture shrinks, so that nothing is skipped; bilinear where it grows.
        var resized =
            side <= pixels.size(3)
                ? nn.functional.adaptive_avg_pool2d(pixels, [side, side])
                : Functional.ResizeBilinear(pixels, side, side);
        return resized.reshape(-1, 3, grid, size, grid, size).permute(0, 2, 4, 1, 3, 5).reshape(-1, grid * grid, 3, size, size);
    }

    /// <summary>Patches turned by 0, 90, 180 or 270 degrees.</summary>
    /// <param name="patches">The first level, <c>[B, 1, 3, P, P]</c>.</param>
    /// <param name="turns">Quarter turns, <c>[B]</c>.</param>
    public static Tensor Rotate(Tensor patches, Tensor turns)
    {
        ArgumentNullException.ThrowIfNull(patches);
        ArgumentNullException.ThrowIfNull(turns);
        var quarter = patches.transpose(-1, -2).flip(-2);
        var half = patches.flip(-1).flip(-2);
        var variants = cat([patches, quarter, half, patches.transpose(-1, -2).flip(-1)], 1);
        return Pick(variants, turns.unsqueeze(1));
    }

    /// <summary>The four patches of the second level in other orders: class k is the k-th permutation of 0, 1, 2, 3 in dictionary
    /// order.</summary>
    /// <param name="patches"><c>[B, 4, 3, P, P]</c>.</param>
    /// <param name="orders">Classes, <c>[B]</c>.</param>
    public static Tensor Shuffle(Tensor patches, Tensor orders)
    {
        ArgumentNullException.ThrowIfNull(patches);
        var table = Tensors
            .From(JigsawOrders.SelectMany(order => order).Select(place => (long)place).ToArray(), OrderCount, 4)
            .to(patches.device);
        return Pick(patches, table.index_select(0, orders));
    }

    /// <summary>One patch of every picture replaced by the same place's patch of the next picture.</summary>
    /// <param name="patches">The third level, <c>[B, 9, 3, P, P]</c>; at least two pictures.</param>
    /// <param name="places">Which patch, <c>[B, 1]</c>.</param>
    public static Tensor Camouflage(Tensor patches, Tensor places)
    {
        ArgumentNullException.ThrowIfNull(patches);
        var count = patches.size(0);
        var next = cat([patches.narrow(0, 1, count - 1), patches.narrow(0, 0, 1)], 0);
        return next.where(Marked(patches, places), patches);
    }

    /// <summary>Patches without their colours (weights of ITU-R BT.601).</summary>
    /// <param name="patches">The fourth level, <c>[B, 16, 3, P, P]</c>, normalised.</param>
    /// <param name="places">Which patches, <c>[B, N]</c>.</param>
    /// <param name="options">The pixel statistics.</param>
    public static Tensor Grey(Tensor patches, Tensor places, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(patches);
        ArgumentNullException.ThrowIfNull(options);
        var (mean, deviation) = (Channels(options.PixelMean, patches.device), Channels(options.PixelDeviation, patches.device));
        var levels = ((patches * deviation).Plus(mean)) * Channels([0.299, 0.587, 0.114], patches.device);
        return ((levels.sum(2, keepdim: true) - mean) / deviation).where(Marked(patches, places), patches);
    }

    /// <summary>Patches by place: <c>[B, N, 3, P, P]</c> at <c>[B, M]</c> gives <c>[B, M, 3, P, P]</c>.</summary>
    public static Tensor Pick(Tensor patches, Tensor places)
    {
        ArgumentNullException.ThrowIfNull(patches);
        ArgumentNullException.ThrowIfNull(places);
        var rows = patches.flatten(2);
        return rows.gather(1, places.unsqueeze(-1).expand(-1, -1, rows.size(2)))
            .reshape(patches.size(0), places.size(1), patches.size(2), patches.size(3), patches.size(4));
    }

    private static Tensor Marked(Tensor patches, Tensor places) =>
        nn.functional.one_hot(places, patches.size(1)).sum(1).GreaterThan(0).reshape(patches.size(0), patches.size(1), 1, 1, 1);

    private static Tensor Channels(IReadOnlyList<double> values, Device device) =>
        Tensors.From(values.Select(value => (float)value).ToArray(), 1, 1, 3, 1, 1).to(device);

    private static int[][] Orders(int count)
    {
        IEnumerable<int[]> found =
        [
            [],
        ];
        for (var place = 0; place < count; place++)
        {
            found = found.SelectMany(order => Enumerable.Range(0, count).Except(order).Select(next => (int[])[.. order, next]));
        }

        return [.. found];
    }
}
