// From a loader's batch in managed memory to tensors.
using Duet.Data;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Makes the tensors of a batch as a system needs them.</summary>
public sealed class BatchBuilder : IDisposable
{
    private readonly Tensor _scale;
    private readonly Tensor _shift;
    private readonly ITowerSequenceStore? _sequences;

    /// <summary>Creates a builder for a system's pixel statistics.</summary>
    /// <param name="options">The system's settings.</param>
    /// <param name="device">Where the tensors are wanted.</param>
    /// <param name="sequences">Where the sequences of frozen towers are; null where the towers are run.</param>
    public BatchBuilder(ModelOptions options, Device device, ITowerSequenceStore? sequences = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Device, _sequences) = (device, sequences);
        using var scope = NewDisposeScope();

        // (byte / 255 - mean) / deviation as one multiplication and one addition.
        var scale = options.PixelDeviation.Select(deviation => (float)(1 / (255 * deviation))).ToArray();
        var shift = options.PixelMean.Zip(options.PixelDeviation, (mean, deviation) => (float)(-mean / deviation)).ToArray();
        _scale = Tensors.From(scale, 1, 3, 1, 1).to(device).DetachFromDisposeScope();
        _shift = Tensors.From(shift, 1, 3, 1, 1).to(device).DetachFromDisposeScope();
    }

    /// <summary>Where the tensors lie.</summary>
    public Device Device { get; }

    /// <summary>The tensors of a batch, owned by the current scope.</summary>
    /// <param name="batch">The batch; it may be disposed afterwards.</param>
    public Batch Build(ProductBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (count, length, side) = (batch.Count, batch.ContextLength, batch.ImageSize);
        var present = Tensors.From(batch.ImagePresent, count).to(Device);
        var bytes = Tensors.From(batch.Pixels, count, 3, side, side).to(Device);
        var lengths = Tensors.From(batch.TextLengths, count, 1).to(Device);
        return new Batch(
            (bytes * _scale).Plus(_shift) * present.reshape(-1, 1, 1, 1),
            Tensors.From(batch.TokenIds, count, length).to(Device),
            Tensors.Range(0, length, dtype: ScalarType.Int32, device: Device).lt(lengths),
            present,
            Tensors.From(batch.TextPresent, count).to(Device)
        )
        {
            Features = batch.Features.Length == 0 ? null : Tensors.From(batch.Features, count, batch.Features.Length / count).to(Device),
            Labels = [.. batch.Labels.Select(Labels)],
            Sequences = _sequences?.Read(batch.Rows, length, Device),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
    }

    private Tensor Labels(TaskLabels labels)
    {
        if (labels.Kind == TaskKind.SingleLabel)
        {
            return Tensors.From(labels.Classes, labels.Classes.Length).to(Device);
        }

        var rows = labels.Present.Length;
        var hot = Tensors.From(labels.MultiHot, rows, rows == 0 ? 0 : labels.MultiHot.Length / rows);
        return hot.MaskedFill(Tensors.From(labels.Present, rows, 1).logical_not(), -1).to(Device);
    }
}
