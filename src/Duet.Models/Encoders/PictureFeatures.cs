// Features of the pictures that are there.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>Runs a picture encoder over the pictures of a batch that are there, so that blank rows do not change its batch
/// statistics.</summary>
public static class PictureFeatures
{
    /// <summary>The last stage's map, <c>[B, C, h, w]</c>; zeros for missing pictures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pixels">Pictures, <c>[B, 3, S, S]</c>.</param>
    /// <param name="present">Which are there, <c>[B]</c> boolean.</param>
    public static Tensor Map(ResNet network, Tensor pixels, Tensor present)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pixels);
        var side = network.Options.MapSide((int)pixels.size(3));
        return OfPresent(pixels, present, network.training, [network.Options.OutputChannels, side, side], network.Forward);
    }

    /// <summary>Every position of a vision transformer, <c>[B, 1 + P, D]</c>; zeros for missing pictures.</summary>
    /// <param name="tower">The tower.</param>
    /// <param name="pixels">Pictures, <c>[B, 3, S, S]</c>.</param>
    /// <param name="present">Which are there, <c>[B]</c> boolean.</param>
    public static Tensor Tokens(VisionTransformer tower, Tensor pixels, Tensor present)
    {
        ArgumentNullException.ThrowIfNull(tower);
        return OfPresent(pixels, present, tower.training, [tower.Length, tower.Width], tower.Tokens);
    }

    /// <summary>Features of the pictures that are there, <c>[B, ...]</c>; zeros for the others.</summary>
    /// <param name="pixels">Pictures, <c>[B, 3, S, S]</c>.</param>
    /// <param name="present">Which are there, <c>[B]</c> boolean.</param>
    /// <param name="training">Whether rows touch one another through batch statistics; else all rows are encoded and the missing ones
    /// dropped.</param>
    /// <param name="shape">The shape of one picture's features, for a batch without any picture.</param>
    /// <param name="encode">Pictures to features, <c>[P, 3, S, S] -> [P, ...]</c>.</param>
    public static Tensor OfPresent(Tensor pixels, Tensor present, bool training, IReadOnlyList<long> shape, Func<Tensor, Tensor> encode)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(encode);
        var missing = present.logical_not().reshape([-1, .. shape.Select(_ => 1L)]);
        if (!training)
        {
            return encode(pixels).MaskedFill(missing, 0);
        }

        var rows = present.nonzero().reshape(-1);
        var batch = pixels.size(0);
        if (rows.size(0) == 0)
        {
            return zeros([batch, .. shape], device: pixels.device);
        }

        if (rows.size(0) == batch)
        {
            return encode(pixels);
        }

        // Row b of the result belongs to the picture whose number among those that are there is a running count.
        var numbers = (present.to(ScalarType.Int64).cumsum(0).Minus(1)).Clamp(0).to(ScalarType.Int64);
        return encode(pixels.index_select(0, rows)).index_select(0, numbers).MaskedFill(missing, 0);
    }

    /// <summary>The cells of a map as regions: <c>[B, C, h, w] -> [B, h w, C]</c>, row by row.</summary>
    public static Tensor Regions(Tensor map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.flatten(2, 3).transpose(1, 2);
    }

    /// <summary>The boxes of the cells of a square grid, <c>[side * side, 5]</c>: x1, y1, x2, y2 and the area, as shares of the
    /// picture.</summary>
    public static Tensor Boxes(int side, Device device)
    {
        var boxes = new float[side * side * 5];
        for (var cell = 0; cell < side * side; cell++)
        {
            var (row, column, size) = (cell / side, cell % side, 1f / side);
            ReadOnlySpan<float> box = [column * size, row * size, (column + 1) * size, (row + 1) * size, size * size];
            box.CopyTo(boxes.AsSpan(cell * 5));
        }

        return Tensors.From(boxes, side * side, 5).to(device);
    }
}
