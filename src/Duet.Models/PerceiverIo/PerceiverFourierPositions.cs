// Fourier features that encode for a Perceiver where a cell of a grid is.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The fixed table of Fourier features of a grid: coordinates in <c>[-1, 1]</c>, then <c>sin(pi f x)</c> for every dimension and band, then
/// <c>cos(pi f x)</c>. It has no parameters and is not saved; it is computed once per device.
/// </summary>
public sealed class PerceiverFourierPositions : Module
{
    private readonly float[] _features;
    private readonly long[] _shape;
    private Tensor? _table;

    /// <summary>Computes the features of a grid.</summary>
    /// <param name="grid">Cells per dimension; the last dimension runs fastest.</param>
    /// <param name="options">Bands and resolutions, one resolution per dimension.</param>
    /// <exception cref="OptionException">There is no band.</exception>
    /// <exception cref="ArgumentException">The grid is empty or its dimensions differ from those of the options.</exception>
    public PerceiverFourierPositions(IReadOnlyList<long> grid, PerceiverFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(options);
        OptionException.Require("bands", options.Bands, 1, 4096, "positions need at least one frequency");
        if (grid.Count == 0 || grid.Count != options.MaximumResolution.Count || grid.Any(cells => cells < 1))
        {
            throw new ArgumentException(
                $"A grid [{string.Join(", ", grid)}] does not fit {options.MaximumResolution.Count} resolutions; each dimension needs "
                    + $"at least one cell.",
                nameof(grid)
            );
        }

        var cells = grid.Aggregate(1L, (product, count) => checked(product * count));
        _shape = [cells, options.Channels];
        _features = new float[checked(cells * options.Channels)];
        Fill(_features, grid, options);
    }

    /// <summary>The table on a device, <c>[M, channels]</c>. It belongs to this module.</summary>
    public Tensor Forward(Device device)
    {
        lock (_features)
        {
            if (_table is null || _table.device != device)
            {
                _table?.Dispose();
                using var scope = NewDisposeScope();
                _table = Tensors.From(_features, _shape).to(device).DetachFromDisposeScope();
            }

            return _table;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _table?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void Fill(Span<float> features, IReadOnlyList<long> grid, PerceiverFourierOptions options)
    {
        var frequencies = options.MaximumResolution.Select(resolution => Spread(1, resolution / 2.0, options.Bands)).ToArray();
        var coordinates = grid.Select(cells => Spread(-1, 1, cells)).ToArray();
        var channels = (int)options.Channels;
        var cell = new long[grid.Count];
        for (var row = 0; row < features.Length / channels; row++)
        {
            FillRow(features.Slice(row * channels, channels), cell, coordinates, frequencies, options);
            for (var dimension = cell.Length - 1; dimension >= 0 && ++cell[dimension] == grid[dimension]; dimension--)
            {
                cell[dimension] = 0;
            }
        }
    }

    private static void FillRow(
        Span<float> row,
        long[] cell,
        double[][] coordinates,
        double[][] frequencies,
        PerceiverFourierOptions options
    )
    {
        var next = 0;
        for (var dimension = 0; options.IncludePositions && dimension < cell.Length; dimension++)
        {
            row[next++] = (float)coordinates[dimension][cell[dimension]];
        }

        var sines = next;
        var cosines = sines + (cell.Length * options.Bands);
        for (var dimension = 0; dimension < cell.Length; dimension++)
        {
            var position = coordinates[dimension][cell[dimension]];
            foreach (var frequency in frequencies[dimension])
            {
                var (sine, cosine) = Math.SinCos(Math.PI * frequency * position);
                row[sines++] = (float)sine;
                if (!options.SineOnly)
                {
                    row[cosines++] = (float)cosine;
                }
            }
        }
    }

    // Evenly spread numbers from the first to the last; a single one is the first, as in numpy and PyTorch.
    private static double[] Spread(double first, double last, long count) =>
        [.. Enumerable.Range(0, checked((int)count)).Select(k => count == 1 ? first : first + (k * (last - first) / (count - 1)))];
}
