// From a loader's batch in managed memory to tensors.
using Duet.Data;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Makes the tensors of a batch as a system needs them.</summary>
public sealed class BatchBuilder : IDisposable
{
    private readonly Device _device;
    private readonly Tensor _scale;
    private readonly Tensor _shift;

    /// <summary>Creates a builder for a system's pixel statistics.</summary>
    public BatchBuilder(ModelOptions options, Device device)
    {
        ArgumentNullException.ThrowIfNull(options);
        _device = device;
        using var scope = NewDisposeScope();

        // (byte / 255 - mean) / deviation as one multiplication and one addition.
        var scale = options.PixelDeviation.Select(deviation => (float)(1 / (255 * deviation))).ToArray();
        var shift = options.PixelMean.Zip(options.PixelDeviation, (mean, deviation) => (float)(-mean / deviation)).ToArray();
        _scale = Tensors.From(scale, 1, 3, 1, 1).to(device).DetachFromDisposeScope();
        _shift = Tensors.From(shift, 1, 3, 1, 1).to(device).DetachFromDisposeScope();
    }

    /// <summary>The tensors of a batch, owned by the current scope. Those of a picture that is still being decoded are made when they are
    /// first asked for.</summary>
    /// <param name="host">The batch; once it is built it may be disposed, unless its picture is being decoded.</param>
    /// <param name="untilDecoded">Is disposed when such a picture is there.</param>
    public Batch Build(HostBatch host, IDisposable? untilDecoded = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        var (count, length) = (host.Count, host.ContextLength);
        var present = Tensors.From(host.ImagePresent, count).to(_device);
        var pixels = new Lazy<Tensor>(() => Pixels(host, present, untilDecoded));
        if (!host.IsDecoding)
        {
            _ = pixels.Value;
        }

        var lengths = Tensors.From(host.TextLengths, count, 1).to(_device);
        return new Batch(
            pixels,
            Tensors.From(host.TokenIds, count, length).to(_device),
            Tensors.Range(0, length, dtype: ScalarType.Int32, device: _device).lt(lengths),
            present,
            Tensors.From(host.TextPresent, count).to(_device)
        )
        {
            Features = host.Features.Length == 0 ? null : Tensors.From(host.Features, count, host.Features.Length / count).to(_device),
            Labels = [.. host.Labels.Select(Labels)],
        };
    }

    private Tensor Pixels(HostBatch host, Tensor present, IDisposable? untilDecoded)
    {
        var pixels = host.Pixels;
        untilDecoded?.Dispose();
        var bytes = Tensors.From(pixels, host.Count, 3, host.ImageSize, host.ImageSize).to(_device);
        return ((bytes * _scale).Plus(_shift)) * present.reshape(-1, 1, 1, 1);
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
            return Tensors.From(labels.Classes, labels.Classes.Length).to(_device);
        }

        var rows = labels.Present.Length;
        var hot = Tensors.From(labels.MultiHot, rows, rows == 0 ? 0 : labels.MultiHot.Length / rows);
        return hot.MaskedFill(Tensors.From(labels.Present, rows, 1).logical_not(), -1).to(_device);
    }
}
