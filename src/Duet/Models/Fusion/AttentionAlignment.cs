// Alignment read off a trained system's attention.
using Duet.Torch;

namespace Duet.Models.Fusion;

/// <summary>
/// Alignment from the text-to-picture attention of a trained system of the house, meaned over its layers. The system must read the same
/// tokens and pictures: the same tokenizer, picture size and pixel statistics.
/// </summary>
public sealed class AttentionAlignment : IAlignment
{
    private readonly ProductModel _teacher;

    /// <summary>Creates the alignment of a trained system.</summary>
    /// <param name="teacher">A system whose trace holds text-to-picture attention over a square grid; it stays the caller's.</param>
    public AttentionAlignment(ProductModel teacher) => _teacher = teacher;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The system records no attention from text to a square grid of patches.</exception>
    public Tensor Align(Batch batch)
    {
        using var recording = Gradients.Disabled();
        var training = _teacher.IsTraining;
        _teacher.Evaluate();
        try
        {
            var trace = new ModelTrace();
            _teacher.Forward(batch, trace);
            return Read(trace, batch.TokenIds.Size(1));
        }
        finally
        {
            _teacher.Train(training);
        }
    }

    private Tensor Read(ModelTrace trace, long length)
    {
        var side = (int)Math.Round(Math.Sqrt(trace.ImagePatches.Count));
        if (trace.Fusion.Attention.Count == 0 || side * side != trace.ImagePatches.Count || side == 0)
        {
            throw new InvalidOperationException(
                $"{_teacher.GetType().Name} records no attention from text to a square grid of patches; take CMA-CLIP, CoCa, VisualBERT or ImageBERT.");
        }

        var maps = trace.TextToImage().ToArray();
        var mean = Tensor.Stack(0, maps).Mean(0).To(ScalarType.Float32);
        var missing = length - mean.Size(1);

        // Systems that take a text's first token apart (MMBT) have no row for it.
        return missing == 0 ? mean : Tensor.Concatenate(1, Tensor.Zeros([mean.Size(0), missing, mean.Size(2)], device: mean.Device), mean);
    }
}
