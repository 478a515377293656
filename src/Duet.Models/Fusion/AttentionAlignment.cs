// Alignment read off a trained system's attention.
using Duet.Models.Attention;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Fusion;

/// <summary>
/// Alignment from the text-to-picture attention of a trained system, averaged over its layers; CoCa's captioner gives its own
/// (<see cref="CoCa.Align"/>). The system must read the same tokens and pictures: the same tokenizer and picture size.
/// </summary>
public sealed class AttentionAlignment : IAlignment
{
    private readonly ProductModel _teacher;
    private readonly ModelOptions _reader;

    /// <summary>Creates the alignment of a trained system.</summary>
    /// <param name="teacher">A system with text-to-picture attention over a square grid; it stays the caller's.</param>
    /// <param name="reader">The settings of the system whose batches are aligned, where its colour constants differ from the
    /// teacher's.</param>
    public AttentionAlignment(ProductModel teacher, ModelOptions? reader = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        (_teacher, _reader) = (teacher, reader ?? teacher.Options);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The system records no attention from text to a square grid of patches.</exception>
    public Tensor Align(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var recording = no_grad();
        var training = _teacher.training;
        _teacher.eval();
        try
        {
            var seen = batch with { Pixels = Renormalized(batch.Pixels) };
            if (_teacher is IAlignment own)
            {
                return own.Align(seen);
            }

            return Read(_teacher.Attend(seen), batch.TokenIds.size(1));
        }
        finally
        {
            _teacher.train(training);
        }
    }

    // Back to [0, 1] by the reader's constants and on by the teacher's.
    private Tensor Renormalized(Tensor pixels)
    {
        var (from, to) = (_reader, _teacher.Options);
        if (from.PixelMean.SequenceEqual(to.PixelMean) && from.PixelDeviation.SequenceEqual(to.PixelDeviation))
        {
            return pixels;
        }

        var scale = from.PixelDeviation.Zip(to.PixelDeviation, (before, after) => (float)(before / after)).ToArray();
        var shift = Enumerable
            .Range(0, 3)
            .Select(channel => (float)((from.PixelMean[channel] - to.PixelMean[channel]) / to.PixelDeviation[channel]))
            .ToArray();
        return (pixels * Tensors.From(scale, 1, 3, 1, 1).to(pixels.device)).Plus(Tensors.From(shift, 1, 3, 1, 1).to(pixels.device));
    }

    private Tensor Read(AttentionFlow flow, long length)
    {
        if (flow.Joint is not { } joint || joint.PatchRows != joint.PatchColumns)
        {
            throw new InvalidOperationException(
                $"{_teacher.GetType().Name} records no attention from text to a square grid of patches; take CMA-CLIP, CoCa, "
                    + $"VisualBERT or ImageBERT."
            );
        }

        var maps = flow.TextToImage().ToArray();
        var mean = stack(maps, 0).mean([0]).to(ScalarType.Float32);
        var missing = length - mean.size(1);

        // Systems that take a text's first token apart (MMBT) have no row for it.
        return missing == 0 ? mean : cat([zeros([mean.size(0), missing, mean.size(2)], device: mean.device), mean], 1);
    }
}
