// From a grid of features to a few image tokens.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>MMBT's pooling of an image tower's map into N tokens (Kiela et al., arXiv 1909.02950; facebookresearch/mmbt,
/// models/image.py).</summary>
public static class GridPooling
{
    /// <summary>Rows and columns of the cells for N = 1 to 9 image tokens: N x 1 for 1, 2, 3, 5, 7; 2x2, 3x2, 4x2, 3x3 for 4, 6, 8,
    /// 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">N is not 1 to 9.</exception>
    public static (int Rows, int Columns) Shape(int tokens) =>
        tokens switch
        {
            1 or 2 or 3 or 5 or 7 => (tokens, 1),
            4 or 6 or 8 => (tokens / 2, 2),
            9 => (3, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(tokens), tokens, "MMBT pools a picture to 1 to 9 image tokens."),
        };

    /// <summary>Pools a map <c>[B, C, H, W]</c> over cells that cover it evenly (they may overlap) to tokens <c>[B, N, C]</c>, row by
    /// row.</summary>
    /// <param name="map">The image tower's map.</param>
    /// <param name="tokens">The number N of tokens, 1 to 9.</param>
    /// <param name="maximum">Whether the maximum of a cell is taken, else its mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is not 1 to 9.</exception>
    public static Tensor Pool(Tensor map, int tokens, bool maximum = false)
    {
        var (rows, columns) = Shape(tokens);
        var cells = maximum
            ? nn.functional.adaptive_max_pool2d(map, [rows, columns])
            : nn.functional.adaptive_avg_pool2d(map, [rows, columns]);
        return cells.flatten(2, 3).transpose(1, 2);
    }
}
